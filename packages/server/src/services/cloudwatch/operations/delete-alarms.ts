import { configurationItem } from '#services/cloudwatch/alarms/history.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import type { CloudwatchHandler } from '#services/cloudwatch/types.ts'

/** Ends alarms; names that are none keep the others from nothing. Their history stays. */
export const deleteAlarms =
  ({ alarms }: Pick<CloudwatchDeps, 'alarms'>): CloudwatchHandler<'DeleteAlarms'> =>
  async ({ AlarmNames }, ctx) => {
    for (const name of AlarmNames)
      await alarms.change(ctx, name, (existing) =>
        existing === undefined
          ? undefined
          : { record: undefined, history: [configurationItem('Delete', existing, ctx.now)] },
      )
    return {}
  }
