import type { CallContext } from '#kernel/call.ts'
import { newUuid } from '#kernel/ids.ts'
import { groupArn } from '#services/logs/arns.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { NoSuchBucket } from '#services/logs/exports/export-sink.ts'
import type { ExportTask } from '#services/logs/exports/export-task.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'

type Input = LogsInput<'CreateExportTask'>
type Deps = Pick<LogsParts, 'groups' | 'exportTasks' | 'exportSink' | 'exports'>

const DEFAULT_PREFIX = 'exportedlogs'

/** Writes a group's events to a bucket, in the background. The bucket is tried first. */
export const createExportTask =
  (deps: Deps): LogsHandler<'CreateExportTask'> =>
  async (input, ctx) => {
    const { logGroupName, from, to, destination } = input
    const group = await deps.groups.require(ctx, logGroupName)
    if (from > to) throw logsErrors.invalidParameter('The start of the export must not be later than its end.')
    if (to < group.creationTime) {
      throw logsErrors.invalidParameter('The end of the export must not be earlier than the creation of the log group.')
    }
    await tryBucket(deps, input, ctx)
    const task: ExportTask = {
      taskId: newUuid(),
      logGroupName,
      group: group.number,
      from,
      to,
      destination,
      destinationPrefix: input.destinationPrefix ?? DEFAULT_PREFIX,
      status: 'PENDING',
      creationTime: ctx.now,
      ...(input.taskName === undefined ? {} : { taskName: input.taskName }),
      ...(input.logStreamNamePrefix === undefined ? {} : { logStreamNamePrefix: input.logStreamNamePrefix }),
    }
    await deps.exportTasks.create(ctx, task)
    deps.exports?.start(ctx, task)
    return { taskId: task.taskId }
  }

/** AWS leaves this object behind, at the bucket's root when no prefix was given. */
async function tryBucket(
  { exportSink }: Deps,
  { logGroupName, destination, destinationPrefix }: Input,
  ctx: CallContext,
): Promise<void> {
  if (exportSink === undefined) throw logsErrors.noBucket()
  const owner = { account: ctx.account, region: ctx.region, sourceArn: groupArn(ctx, logGroupName) }
  const key = destinationPrefix === undefined ? 'aws-logs-write-test' : `${destinationPrefix}/aws-logs-write-test`
  try {
    await exportSink.check(owner, destination)
    await exportSink.put(owner, destination, key, Buffer.from('Permission Check Successful'))
  } catch (error) {
    throw error instanceof NoSuchBucket ? logsErrors.noBucket() : logsErrors.bucketNotWritable()
  }
}
