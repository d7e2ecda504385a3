import { type Alarm, type AlarmRecord, type AlarmState, recordOf } from '#services/cloudwatch/alarms/alarm.ts'
import { checkAlarm } from '#services/cloudwatch/alarms/check-alarm.ts'
import { configurationItem } from '#services/cloudwatch/alarms/history.ts'
import { watchedBy } from '#services/cloudwatch/alarms/watched.ts'
import { tryOut } from '#services/cloudwatch/alarms/try-out.ts'
import { mergedTags } from '#services/cloudwatch/alarms/tags.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import type { CloudwatchHandler } from '#services/cloudwatch/types.ts'

/** Makes an alarm, or gives one other settings: its state, history and tags stay as they are then. */
export const putMetricAlarm =
  ({ alarms }: Pick<CloudwatchDeps, 'alarms'>): CloudwatchHandler<'PutMetricAlarm'> =>
  async (input, ctx) => {
    const { AlarmName: name } = input
    const settings = checkAlarm(input, ctx)
    const tags = mergedTags([], input.Tags ?? [])
    const place = { account: ctx.account, region: ctx.region }
    await tryOut(watchedBy(settings, ctx.account), place, ctx.now)
    const state: AlarmState = {
      value: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      at: ctx.now,
    }
    await alarms.change(place, name, (existing) => {
      const record: Omit<AlarmRecord, 'historyCount'> = {
        ...(existing === undefined ? { state, tags, untold: [] } : recordOf(existing)),
        settings,
        configuredAt: ctx.now,
      }
      const alarm: Alarm = { ...record, place, name, historyCount: 0, revision: 0 }
      const type = existing === undefined ? 'Create' : 'Update'
      return { record, history: [configurationItem(type, alarm, ctx.now)] }
    })
    return {}
  }
