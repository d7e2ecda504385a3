import { inState } from '#services/cloudwatch/alarms/alarm.ts'
import { stateItem } from '#services/cloudwatch/alarms/history.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import type { CloudwatchHandler } from '#services/cloudwatch/types.ts'

/** Puts an alarm into a state until it is evaluated next. Its actions are taken as if it had gone there by itself. */
export const setAlarmState =
  ({ alarms }: Pick<CloudwatchDeps, 'alarms'>): CloudwatchHandler<'SetAlarmState'> =>
  async ({ AlarmName, StateValue: value, StateReason: reason, StateReasonData: data }, ctx) => {
    if (data !== undefined && !isJson(data)) throw cloudwatchErrors.badJson('StateReasonData')
    const to = { value, reason, ...(data === undefined ? {} : { data }), at: ctx.now }
    await alarms.change(ctx, AlarmName, (existing) => {
      if (existing === undefined) throw cloudwatchErrors.alarmNotFound()
      if (existing.state.value === value) return undefined
      return { record: inState(existing, to), history: [stateItem({ from: existing.state, to })] }
    })
    return {}
  }

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
