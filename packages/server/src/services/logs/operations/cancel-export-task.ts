import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { isActive } from '#services/logs/exports/export-task.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** The task ends before its next object; what is written stays. */
export const cancelExportTask =
  ({ exportTasks }: Pick<LogsParts, 'exportTasks'>): LogsHandler<'CancelExportTask'> =>
  async ({ taskId }, ctx) => {
    const task = await exportTasks.find(ctx, taskId)
    if (task === undefined) throw logsErrors.exportTaskNotFound()
    await exportTasks.change(ctx, task, ctx.now, (current) => {
      if (!isActive(current)) throw logsErrors.exportTaskFinished()
      return { status: 'PENDING_CANCEL' }
    })
    return {}
  }
