import { accountId, type EpochMillis, region as regionOf } from '#kernel/ids.ts'
import type { Clock } from '#kernel/clock.ts'
import { type Alarm, type AlarmPlace, type AlarmRecord, isAlarmName } from '#services/cloudwatch/alarms/alarm.ts'
import {
  HISTORY,
  HISTORY_MILLIS,
  MAX_HISTORY_ITEMS,
  type HistoryItem,
  historyChanges,
  historyPrefix,
} from '#services/cloudwatch/alarms/history.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { MAX_ALARMS } from '#services/cloudwatch/limits.ts'
import {
  type RecordChange,
  type RecordKey,
  type RecordStore,
  RevisionConflict,
  type StoredRecord,
} from '#stores/records/record-store.ts'

export const ALARMS = 'cloudwatch.alarm'
/** Names of alarms that are gone while their history is kept. */
const DELETED = 'cloudwatch.deleted-alarm'

/** How often a change is tried again when somebody else was quicker. */
const ATTEMPTS = 16
/** Records read at once. */
const CHUNK = 1_000

/** What is left of an alarm that was deleted. */
interface DeletedAlarm {
  readonly at: EpochMillis
  readonly historyCount: number
}

/** What a change makes of an alarm, and what its history says of it. */
export interface AlarmChange {
  /** `undefined`: the alarm is deleted. */
  readonly record: Omit<AlarmRecord, 'historyCount'> | undefined
  readonly history: readonly HistoryItem[]
}

const keyOf = (collection: string, { account, region }: AlarmPlace, name: string): RecordKey => ({
  collection,
  account,
  region,
  id: name,
})

export const readAlarm = ({ key, value, revision }: StoredRecord<AlarmRecord>): Alarm => ({
  ...value,
  place: { account: accountId(key.account), region: regionOf(key.region) },
  name: key.id,
  revision,
})

/** The alarms of all accounts, with their history. */
export class Alarms {
  readonly #records: RecordStore
  readonly #clock: Clock
  /** How many alarms an account has in a region, once it was asked. */
  readonly #counts = new Map<string, Promise<{ count: number }>>()

  constructor(records: RecordStore, clock: Clock) {
    this.#records = records
    this.#clock = clock
  }

  async find(place: AlarmPlace, name: string): Promise<Alarm | undefined> {
    const stored = isAlarmName(name) ? await this.#records.get<AlarmRecord>(keyOf(ALARMS, place, name)) : undefined
    return stored && readAlarm(stored)
  }

  /** By ascending name. */
  async *list({ account, region }: AlarmPlace, { prefix = '', after = '' } = {}): AsyncGenerator<Alarm, void> {
    if (prefix !== '' && !isAlarmName(prefix)) return
    for (let last = after; ;) {
      const options = { limit: CHUNK, ...(prefix === '' ? {} : { prefix }), ...(last === '' ? {} : { after: last }) }
      const found = await this.#records.list<AlarmRecord>(ALARMS, account, region, options)
      for (const stored of found) yield readAlarm(stored)
      last = found.at(-1)?.key.id ?? ''
      if (found.length < CHUNK) return
    }
  }

  /**
   * Commits what `change` makes of an alarm as it is now, with its history; `undefined` leaves it.
   * @throws AwsError LimitExceeded for one alarm too many, and what `change` throws
   */
  async change(
    place: AlarmPlace,
    name: string,
    change: (existing: Alarm | undefined) => AlarmChange | undefined,
  ): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const existing = await this.find(place, name)
      const wanted = change(existing)
      if (wanted === undefined || (existing === undefined && wanted.record === undefined)) return
      try {
        await this.#counted(place, name, existing, wanted)
        return
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error
      }
    }
    throw cloudwatchErrors.conflict()
  }

  /** Removes the history of alarms that were deleted so long ago that it is not kept any more. */
  async sweep(): Promise<void> {
    const oldest = this.#clock.now() - HISTORY_MILLIS
    for (const { key, value, revision } of await this.#records.listAll<DeletedAlarm>(DELETED)) {
      if (value.at >= oldest) continue
      const all = { prefix: historyPrefix(key.id), limit: MAX_HISTORY_ITEMS }
      const items = await this.#records.list(HISTORY, key.account, key.region, all)
      const gone = items.map((item): RecordChange => ({ kind: 'delete', key: item.key, expect: item.revision }))
      try {
        await this.#records.commit([{ kind: 'delete', key, expect: revision }, ...gone])
      } catch (error) {
        // An alarm of that name was made again; its history goes on.
        if (!(error instanceof RevisionConflict)) throw error
      }
    }
  }

  /** Commits; a new alarm takes its place among those that there may be before it is there. */
  async #counted(place: AlarmPlace, name: string, existing: Alarm | undefined, wanted: AlarmChange): Promise<void> {
    const added = (wanted.record === undefined ? 0 : 1) - (existing === undefined ? 0 : 1)
    const counter = await this.#counter(place)
    if (added > 0 && counter.count >= MAX_ALARMS) throw cloudwatchErrors.tooManyAlarms()
    counter.count += Math.max(0, added)
    try {
      await this.#commit(place, name, existing, wanted)
      counter.count += Math.min(0, added)
    } catch (error) {
      counter.count -= Math.max(0, added)
      throw error
    }
  }

  /** Counts what is stored once; from then on it is kept count of. */
  #counter(place: AlarmPlace): Promise<{ count: number }> {
    const where = `${place.account}/${place.region}`
    const known = this.#counts.get(where) ?? this.#count(place)
    this.#counts.set(where, known)
    known.catch(() => this.#counts.delete(where))
    return known
  }

  async #count(place: AlarmPlace): Promise<{ count: number }> {
    let count = 0
    for await (const _ of this.list(place)) count += 1
    return { count }
  }

  async #commit(place: AlarmPlace, name: string, existing: Alarm | undefined, wanted: AlarmChange): Promise<void> {
    const key = keyOf(ALARMS, place, name)
    const tomb = keyOf(DELETED, place, name)
    const before = existing === undefined ? await this.#records.get<DeletedAlarm>(tomb) : undefined
    const count = existing?.historyCount ?? before?.value.historyCount ?? 0
    const historyCount = count + wanted.history.length
    const expect = existing?.revision ?? 0
    const changes: RecordChange[] = [...historyChanges(place, name, count, wanted.history)]
    if (wanted.record === undefined) {
      const gone: DeletedAlarm = { at: this.#clock.now(), historyCount }
      changes.push({ kind: 'delete', key, expect }, { kind: 'put', key: tomb, value: gone })
    } else {
      const value: AlarmRecord = { ...wanted.record, historyCount }
      changes.push({ kind: 'put', key, value, expect })
      if (before !== undefined) changes.push({ kind: 'delete', key: tomb, expect: before.revision })
    }
    await this.#records.commit(changes)
  }
}
