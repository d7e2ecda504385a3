import type { EpochMillis } from '#kernel/ids.ts'
import {
  type Alarm,
  type AlarmPlace,
  type AlarmState,
  type StateChange,
  alarmView,
} from '#services/cloudwatch/alarms/alarm.ts'
import { dataTime } from '#services/cloudwatch/alarms/written.ts'
import type { RecordChange } from '#stores/records/record-store.ts'

export const HISTORY = 'cloudwatch.alarm-history'
/** Items that are kept of one alarm; a new one takes the place of the oldest. */
export const MAX_HISTORY_ITEMS = 1_000
/** @source CloudWatch user guide: 30 days of history, also of deleted alarms */
export const HISTORY_MILLIS: number = 30 * 24 * 60 * 60 * 1_000
/** Longest HistoryData. @source CloudWatch API reference, AlarmHistoryItem: 4,095 characters */
const MAX_DATA_CHARS = 4_095
/** No name of an alarm has it, so one name's items never begin as another's. */
const AFTER_NAME = '\u0001'

export interface HistoryItem {
  readonly at: EpochMillis
  readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action'
  readonly summary: string
  /** JSON. */
  readonly data: string
}

/** An item as it is stored; `number` tells those of one instant apart. */
export interface StoredItem extends HistoryItem {
  readonly number: number
}

/** Of all items of one alarm. */
export const historyPrefix = (name: string): string => `${name}${AFTER_NAME}`
/** The alarm of an item, by the item's id. */
export const alarmOfItem = (id: string): string => id.slice(0, id.lastIndexOf(AFTER_NAME))

/** Adds items to those that an alarm had `before`. */
export const historyChanges = (
  { account, region }: AlarmPlace,
  name: string,
  before: number,
  items: readonly HistoryItem[],
): readonly RecordChange[] =>
  items.map((item, index) => {
    const number = before + index
    const id = `${historyPrefix(name)}${String(number % MAX_HISTORY_ITEMS).padStart(4, '0')}`
    const value: StoredItem = { ...item, number }
    return { kind: 'put', key: { collection: HISTORY, account, region, id }, value }
  })

const VERBS = { Create: 'created', Update: 'updated', Delete: 'deleted' } as const

/** What was done to the settings of an alarm. */
export function configurationItem(type: keyof typeof VERBS, alarm: Alarm, at: EpochMillis): HistoryItem {
  const verb = VERBS[type]
  const { StateReasonData: _, ...shown } = alarmView(alarm)
  const settings = {
    ...shown,
    AlarmConfigurationUpdatedTimestamp: dataTime(alarm.configuredAt),
    StateUpdatedTimestamp: dataTime(alarm.state.at),
    StateTransitionedTimestamp: dataTime(alarm.state.at),
  }
  return {
    at,
    type: 'ConfigurationUpdate',
    summary: `Alarm "${alarm.name}" ${verb}`,
    data: dataOf({ type, version: '1.0', [`${verb}Alarm`]: settings }, { type, version: '1.0' }),
  }
}

/** That an alarm went from one state into another. */
export function stateItem({ from, to }: StateChange): HistoryItem {
  const withData = { version: '1.0', oldState: stateData(from), newState: stateData(to) }
  const plain = { stateValue: to.value, stateReason: to.reason }
  return {
    at: to.at,
    type: 'StateUpdate',
    summary: `Alarm updated from ${from.value} to ${to.value}`,
    data: dataOf(withData, { version: '1.0', oldState: { stateValue: from.value }, newState: plain }),
  }
}

const stateData = ({ value, reason, data }: AlarmState): object => ({
  stateValue: value,
  stateReason: reason,
  ...(data === undefined ? {} : { stateReasonData: JSON.parse(data) as unknown }),
})

/** That an action was taken, or why it could not be. */
export const actionItem = (action: string, failure: string | undefined, at: EpochMillis): HistoryItem => ({
  at,
  type: 'Action',
  summary:
    failure === undefined
      ? `Successfully executed action ${action}`
      : `Failed to execute action ${action}. Received error: "${failure}"`,
  data: JSON.stringify({
    actionState: failure === undefined ? 'Succeeded' : 'Failed',
    notificationResource: action,
    error: failure ?? null,
  }),
})

/** As JSON; what would be too long is told with less. */
function dataOf(full: object, short: object): string {
  const text = JSON.stringify(full)
  return text.length <= MAX_DATA_CHARS ? text : JSON.stringify(short)
}
