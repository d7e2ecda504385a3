import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Filters that send to it stay, and send no more. */
export const deleteDestination =
  ({ destinations }: Pick<LogsParts, 'destinations'>): LogsHandler<'DeleteDestination'> =>
  async ({ destinationName }, ctx) => {
    await destinations.change(ctx, destinationName, (existing) => {
      if (existing === undefined) throw logsErrors.destinationNotFound()
      return undefined
    })
    return {}
  }
