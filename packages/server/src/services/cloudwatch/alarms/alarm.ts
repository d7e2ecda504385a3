import type { EpochMillis } from '#kernel/ids.ts'
import type { Tag } from '#kernel/principal.ts'
import type { StateValue } from '#services/cloudwatch/alarms/verdict.ts'
import type { CloudwatchInput, CloudwatchOutput } from '#services/cloudwatch/types.ts'

type Given = CloudwatchInput<'PutMetricAlarm'>
export type MetricAlarm = NonNullable<CloudwatchOutput<'DescribeAlarms'>['MetricAlarms']>[number]

/** Where an alarm is. */
export interface AlarmPlace {
  readonly account: string
  readonly region: string
}

/** What every alarm on metrics has, whatever it was given. */
interface CommonSettings {
  readonly ComparisonOperator: NonNullable<Given['ComparisonOperator']>
  readonly EvaluationPeriods: number
  readonly Threshold: number
  readonly ActionsEnabled: boolean
  readonly AlarmActions: readonly string[]
  readonly OKActions: readonly string[]
  readonly InsufficientDataActions: readonly string[]
}

/** What PutMetricAlarm was given, with what it left out; in AWS's names, since it is answered as it is. */
export type AlarmSettings = Omit<Given, 'AlarmName' | 'Tags' | keyof CommonSettings> & CommonSettings

export interface AlarmState {
  readonly value: StateValue
  readonly reason: string
  /** JSON. */
  readonly data?: string
  /** Since when the alarm is in this state. */
  readonly at: EpochMillis
}

/** One state after another. */
export interface StateChange {
  readonly from: AlarmState
  readonly to: AlarmState
}

/** An alarm as it is stored. */
export interface AlarmRecord {
  readonly settings: AlarmSettings
  readonly configuredAt: EpochMillis
  readonly state: AlarmState
  readonly tags: readonly Tag[]
  /** How many items its history ever had. */
  readonly historyCount: number
  /** Changes whose actions have still to be taken, oldest first. */
  readonly untold: readonly StateChange[]
  /** Why it could not be evaluated last, when that is for its owner to mend. */
  readonly trouble?: string
}

/** With its name and place. */
export interface Alarm extends AlarmRecord {
  readonly place: AlarmPlace
  readonly name: string
  readonly revision: number
}

/** What of an alarm is stored, but for the count of its history. */
export function recordOf(alarm: Alarm): Omit<AlarmRecord, 'historyCount'> {
  const { place: _place, name: _name, revision: _revision, historyCount: _count, ...record } = alarm
  return record
}

/** Changes that can wait for their actions; of more the oldest are forgotten. Bounds a record. */
const MAX_UNTOLD = 20

/** The alarm in another state, whose actions are taken when the record is stored. */
export const inState = (alarm: Alarm, to: AlarmState): Omit<AlarmRecord, 'historyCount'> => ({
  ...withTrouble(alarm, undefined),
  state: to,
  untold: [...alarm.untold, { from: alarm.state, to }].slice(-MAX_UNTOLD),
})

/** The alarm with what keeps it from being evaluated; `undefined`: nothing does. */
export function withTrouble(alarm: Alarm, trouble: string | undefined): Omit<AlarmRecord, 'historyCount'> {
  const { trouble: _, ...record } = recordOf(alarm)
  return trouble === undefined ? record : { ...record, trouble }
}

const ARN = /^arn:aws:cloudwatch:([a-z\d-]+):(\d{12}):alarm:(.{1,255})$/su

export const alarmArn = ({ account, region }: AlarmPlace, name: string): string =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`

/** The alarm that an ARN names; `undefined` for an ARN of something else. */
export function parseAlarmArn(arn: string): { readonly place: AlarmPlace; readonly name: string } | undefined {
  const [, region, account, name] = ARN.exec(arn) ?? []
  return region === undefined || account === undefined || name === undefined
    ? undefined
    : { place: { account, region }, name }
}

/** Names have no control characters, which is what keeps keys of records apart. @source CloudWatch API reference, PutMetricAlarm */
export const isAlarmName = (name: string): boolean => name !== '' && name.isWellFormed() && !/\p{Cc}/u.test(name)

/** As DescribeAlarms answers it. */
export function alarmView({ place, name, settings, configuredAt, state, trouble }: Alarm): MetricAlarm {
  // An alarm on an expression has no dimensions of its own.
  const dimensions = settings.Metrics === undefined ? { Dimensions: settings.Dimensions ?? [] } : {}
  return {
    ...settings,
    ...dimensions,
    AlarmName: name,
    AlarmArn: alarmArn(place, name),
    AlarmConfigurationUpdatedTimestamp: configuredAt,
    StateValue: state.value,
    StateReason: trouble ?? state.reason,
    ...(trouble === undefined ? {} : { EvaluationState: 'EVALUATION_ERROR' }),
    ...(state.data === undefined ? {} : { StateReasonData: state.data }),
    StateUpdatedTimestamp: state.at,
    StateTransitionedTimestamp: state.at,
  }
}
