import { recordOf } from '#services/cloudwatch/alarms/alarm.ts'
import { configurationItem } from '#services/cloudwatch/alarms/history.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import type { CloudwatchHandler } from '#services/cloudwatch/types.ts'

type Switch = CloudwatchHandler<'EnableAlarmActions' | 'DisableAlarmActions'>

/** Lets alarms take their actions, or keeps them from it; names that are none are passed over. */
const switchActions =
  (ActionsEnabled: boolean) =>
  ({ alarms }: Pick<CloudwatchDeps, 'alarms'>): Switch =>
  async ({ AlarmNames }, ctx) => {
    for (const name of AlarmNames)
      await alarms.change(ctx, name, (existing) => {
        if (existing === undefined || existing.settings.ActionsEnabled === ActionsEnabled) return undefined
        const settings = { ...existing.settings, ActionsEnabled }
        const changed = { ...existing, settings, configuredAt: ctx.now }
        return { record: recordOf(changed), history: [configurationItem('Update', changed, ctx.now)] }
      })
    return {}
  }

export const enableAlarmActions: (deps: Pick<CloudwatchDeps, 'alarms'>) => Switch = switchActions(true)
export const disableAlarmActions: (deps: Pick<CloudwatchDeps, 'alarms'>) => Switch = switchActions(false)
