import type { CallContext } from '#kernel/call.ts'
import { type Alarm, alarmView } from '#services/cloudwatch/alarms/alarm.ts'
import type { Alarms } from '#services/cloudwatch/alarms/alarms.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { MAX_ALARM_PAGE } from '#services/cloudwatch/limits.ts'
import { readToken } from '#services/cloudwatch/paging.ts'
import type { CloudwatchHandler, CloudwatchInput } from '#services/cloudwatch/types.ts'

type Input = CloudwatchInput<'DescribeAlarms'>

/** Alarms by name. There are metric alarms only, so those of other types, and parents and children, are none. */
export const describeAlarms =
  ({ alarms, tokens }: Pick<CloudwatchDeps, 'alarms' | 'tokens'>): CloudwatchHandler<'DescribeAlarms'> =>
  async (input, ctx) => {
    const { NextToken, MaxRecords: most = MAX_ALARM_PAGE, ...parameters } = input
    const scope = { ...parameters, account: ctx.account, region: ctx.region }
    const after = NextToken === undefined ? '' : readToken(tokens, 'DescribeAlarms', scope, NextToken)
    if (input.AlarmNames !== undefined && input.AlarmNamePrefix !== undefined)
      throw cloudwatchErrors.exclusive('AlarmNames', 'AlarmNamePrefix')
    const page: Alarm[] = []
    let hasMore = false
    for await (const alarm of candidates(alarms, input, ctx, after)) {
      if (!isAsked(alarm, input)) continue
      hasMore = page.length === most
      if (hasMore) break
      page.push(alarm)
    }
    const last = page.at(-1)?.name
    return {
      MetricAlarms: page.map(alarmView),
      CompositeAlarms: [],
      LogAlarms: [],
      ...(hasMore && last !== undefined ? { NextToken: tokens.issue('DescribeAlarms', scope, last) } : {}),
    }
  }

/** By ascending name. */
async function* candidates(alarms: Alarms, input: Input, place: CallContext, after: string): AsyncGenerator<Alarm> {
  const {
    AlarmNames: names,
    AlarmNamePrefix: prefix,
    AlarmTypes: types,
    ChildrenOfAlarmName,
    ParentsOfAlarmName,
  } = input
  if (types !== undefined && types.length > 0 && !types.includes('MetricAlarm')) return
  if (ChildrenOfAlarmName !== undefined || ParentsOfAlarmName !== undefined) return
  if (names === undefined || names.length === 0) {
    yield* alarms.list(place, { after, ...(prefix === undefined ? {} : { prefix }) })
    return
  }
  const inOrder = [...new Set(names)].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  for (const name of inOrder.slice(inOrder.indexOf(after) + 1)) {
    const alarm = await alarms.find(place, name)
    if (alarm !== undefined) yield alarm
  }
}

const isAsked = ({ state, settings }: Alarm, { StateValue, ActionPrefix: prefix }: Input): boolean =>
  (StateValue === undefined || state.value === StateValue) &&
  (prefix === undefined ||
    [...settings.AlarmActions, ...settings.OKActions, ...settings.InsufficientDataActions].some((action) =>
      action.startsWith(prefix),
    ))
