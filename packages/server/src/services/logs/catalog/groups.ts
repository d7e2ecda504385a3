import { accountId, region } from '#kernel/ids.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
import { GROUPS, type LogGroup, type LogGroupRecord, groupKey, numberId } from '#services/logs/catalog/log-group.ts'
import { WatchedCache } from '#stores/records/watched-cache.ts'
import { logsErrors } from '#services/logs/errors.ts'
import {
  type ListOptions,
  type RecordChange,
  type RecordStore,
  RevisionConflict,
  type StoredRecord,
} from '#stores/records/record-store.ts'

/** Log groups held in memory for the hot path. */
const CACHED_GROUPS = 10_000
/** How often a change is tried again when somebody else was quicker, before the caller is told to. */
const UPDATE_ATTEMPTS = 8

/** What a change of a group commits. */
export interface GroupChange {
  /** Left out: the group is deleted. */
  readonly record?: LogGroupRecord
  /** Committed together with it. */
  readonly also?: readonly RecordChange[]
}

/** The log groups of all accounts and regions. */
export class Groups {
  readonly #records: RecordStore
  readonly #cache = new WatchedCache<LogGroup>(CACHED_GROUPS)

  constructor(records: RecordStore) {
    this.#records = records
    records.watch(GROUPS, (key) => this.#cache.forget(cacheKey(key.account, key.region, key.id)))
  }

  /** The group when it is in memory; for the hot path. */
  held(place: LogsPlace, name: string): LogGroup | undefined {
    return this.#cache.held(cacheKey(place.account, place.region, name))
  }

  find(place: LogsPlace, name: string): Promise<LogGroup | undefined> {
    return this.#cache.get(cacheKey(place.account, place.region, name), async () => {
      const stored = await this.#records.get<LogGroupRecord>(groupKey(place, name))
      return stored && groupOf(place, stored)
    })
  }

  /** @throws AwsError ResourceNotFoundException */
  async require(place: LogsPlace, name: string): Promise<LogGroup> {
    const group = await this.find(place, name)
    if (group === undefined) throw logsErrors.groupNotFound()
    return group
  }

  /**
   * @param also committed together with it
   * @throws AwsError ResourceAlreadyExistsException; of several at once exactly one succeeds
   */
  async create(
    place: LogsPlace,
    name: string,
    record: LogGroupRecord,
    also: readonly RecordChange[] = [],
  ): Promise<void> {
    try {
      await this.#records.commit([{ kind: 'put', key: groupKey(place, name), value: record, expect: 0 }, ...also])
    } catch (error) {
      if (error instanceof RevisionConflict) throw logsErrors.groupExists()
      throw error
    }
    this.#cache.forget(cacheKey(place.account, place.region, name))
  }

  /**
   * Commits what `change` makes of the group as it is now; what `change` reads of the group's own things cannot be changed
   * by another change of the group meanwhile.
   * @throws AwsError ResourceNotFoundException, OperationAbortedException, and what `change` throws
   */
  async change(
    place: LogsPlace,
    name: string,
    change: (group: LogGroup) => GroupChange | Promise<GroupChange>,
  ): Promise<LogGroup> {
    const key = groupKey(place, name)
    for (let attempt = 0; attempt < UPDATE_ATTEMPTS; attempt += 1) {
      const stored = await this.#records.get<LogGroupRecord>(key)
      if (stored === undefined) throw logsErrors.groupNotFound()
      const group = groupOf(place, stored)
      const { record, also = [] } = await change(group)
      const expect = stored.revision
      const own: RecordChange =
        record === undefined ? { kind: 'delete', key, expect } : { kind: 'put', key, value: record, expect }
      try {
        await this.#records.commit([own, ...also])
      } catch (error) {
        if (error instanceof RevisionConflict) continue
        throw error
      }
      this.#cache.forget(cacheKey(place.account, place.region, name))
      return group
    }
    throw logsErrors.conflict()
  }

  /** By ascending name. */
  async list(place: LogsPlace, options: ListOptions): Promise<readonly LogGroup[]> {
    const stored = await this.#records.list<LogGroupRecord>(GROUPS, place.account, place.region, options)
    return stored.map((record) => groupOf(place, record))
  }

  /** The groups of all accounts and regions. */
  async all(): Promise<readonly LogGroup[]> {
    const stored = await this.#records.listAll<LogGroupRecord>(GROUPS)
    return stored.map((record) =>
      groupOf({ account: accountId(record.key.account), region: region(record.key.region) }, record),
    )
  }
}

const cacheKey = (account: string, region: string, name: string): string => `${account}/${region}/${name}`

const groupOf = ({ account, region }: LogsPlace, { key, revision, value }: StoredRecord<LogGroupRecord>): LogGroup => ({
  ...value,
  name: key.id,
  place: { account, region },
  revision,
  idPrefix: `${numberId(value.number)}/`,
})

/** The stored part of a group, to be written back changed. */
export function recordOf(group: LogGroup): LogGroupRecord {
  const { name: _name, place: _place, revision: _revision, idPrefix: _prefix, ...record } = group
  return record
}
