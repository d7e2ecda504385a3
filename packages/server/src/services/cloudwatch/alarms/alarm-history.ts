import type { EpochMillis } from '#kernel/ids.ts'
import type { AlarmPlace } from '#services/cloudwatch/alarms/alarm.ts'
import { isAlarmName } from '#services/cloudwatch/alarms/alarm.ts'
import { HISTORY, type StoredItem, alarmOfItem, historyPrefix } from '#services/cloudwatch/alarms/history.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** Records read at once. */
const CHUNK = 1_000

/** An item with the alarm that it is of. */
export interface AlarmItem extends StoredItem {
  readonly name: string
}

/** Where an item stands among all: by time, then by alarm, then by number. */
export type ItemPosition = readonly [at: EpochMillis, name: string, number: number]

export interface HistoryQuery {
  /** Left out: of all alarms. */
  readonly name?: string
  readonly type?: string
  /** Inclusive. */
  readonly from: EpochMillis
  /** Inclusive. */
  readonly to: EpochMillis
  readonly newestFirst: boolean
  /** The last item of the page before. */
  readonly after?: ItemPosition
  readonly limit: number
}

export const positionOf = ({ at, name, number }: AlarmItem): ItemPosition => [at, name, number]

function compare([at, name, number]: ItemPosition, [otherAt, otherName, otherNumber]: ItemPosition): number {
  if (at !== otherAt) return at - otherAt
  if (name !== otherName) return name < otherName ? -1 : 1
  return number - otherNumber
}

/** The first items that fit, in order; no more than asked for are held at once, and a chunk of records. */
export async function readHistory(
  records: RecordStore,
  { account, region }: AlarmPlace,
  query: HistoryQuery,
): Promise<readonly AlarmItem[]> {
  const { name, type, from, to, newestFirst, after, limit } = query
  if (name !== undefined && !isAlarmName(name)) return []
  const order = (a: ItemPosition, b: ItemPosition): number => (newestFirst ? compare(b, a) : compare(a, b))
  const fits = (item: AlarmItem): boolean =>
    item.at >= from &&
    item.at <= to &&
    (type === undefined || item.type === type) &&
    (after === undefined || order(positionOf(item), after) > 0)
  let best: readonly AlarmItem[] = []
  for (let last: string | undefined; ;) {
    const found = await records.list<StoredItem>(HISTORY, account, region, {
      limit: CHUNK,
      ...(name === undefined ? {} : { prefix: historyPrefix(name) }),
      ...(last === undefined ? {} : { after: last }),
    })
    const fitting = found.map(({ key, value }) => ({ ...value, name: alarmOfItem(key.id) })).filter(fits)
    best = [...best, ...fitting].toSorted((a, b) => order(positionOf(a), positionOf(b))).slice(0, limit)
    last = found.at(-1)?.key.id
    if (found.length < CHUNK) return best
  }
}
