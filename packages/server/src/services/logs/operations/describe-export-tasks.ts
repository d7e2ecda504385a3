import type { CallContext } from '#kernel/call.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { collectPage, readToken } from '#services/logs/describe-page.ts'
import type { ExportTask } from '#services/logs/exports/export-task.ts'
import { DESCRIBE_PAGE } from '#services/logs/limits.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'exportTasks' | 'tokens'>

/** Newest first. A task id that there is not gives an empty list. */
export const describeExportTasks =
  ({ exportTasks, tokens }: Deps): LogsHandler<'DescribeExportTasks'> =>
  async ({ taskId, statusCode, nextToken, limit = DESCRIBE_PAGE }, ctx) => {
    const scope = { taskId, statusCode, account: ctx.account, region: ctx.region }
    const { found, next } = await collectPage({
      limit,
      after: readToken(tokens, 'DescribeExportTasks', scope, nextToken),
      list: listFrom(exportTasks, ctx),
      position: ({ id }) => id,
      wanted: ({ task }) =>
        (taskId === undefined || task.taskId === taskId) && (statusCode === undefined || task.status === statusCode),
    })
    return {
      exportTasks: found.map(({ task }) => describe(task)),
      nextToken: next === undefined ? undefined : tokens.issue('DescribeExportTasks', scope, next),
    }
  }

const listFrom = (tasks: Deps['exportTasks'], ctx: CallContext) => (after: string | undefined, limit: number) =>
  tasks.list(ctx, { ...(after === undefined ? {} : { after }), limit })

const describe = ({ status, message, creationTime, completionTime, ...task }: ExportTask) => ({
  taskId: task.taskId,
  taskName: task.taskName,
  logGroupName: task.logGroupName,
  from: task.from,
  to: task.to,
  destination: task.destination,
  destinationPrefix: task.destinationPrefix,
  status: { code: status, message },
  executionInfo: { creationTime, completionTime },
})
