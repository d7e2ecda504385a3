import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
import { type Groups, recordOf } from '#services/logs/catalog/groups.ts'
import { type LogGroup, numberId } from '#services/logs/catalog/log-group.ts'
import { WatchedCache } from '#stores/records/watched-cache.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_METRIC_FILTERS } from '#services/logs/limits.ts'
import { type CompiledFilter, compileMetricFilter } from '#services/logs/metrics/compiled-filter.ts'
import {
  METRIC_FILTERS,
  type MetricFilter,
  type MetricFilterRecord,
  filterIdentity,
  metricFilterKey,
} from '#services/logs/metrics/metric-filter.ts'
import { isStorable } from '#services/logs/names.ts'
import { Screen } from '#services/logs/patterns/screen.ts'
import type { RecordStore, StoredRecord } from '#stores/records/record-store.ts'

/** Groups whose filters are held ready for events. */
const CACHED_GROUPS = 1_000
/** Records read at once while all filters of a region are looked through. */
const CHUNK = 1_000

/** A group's filters, ready for events. */
export interface GroupFilters {
  readonly filters: readonly CompiledFilter[]
  /** Of the events that each filter is to look at, in the same order. */
  readonly screen: Screen
}

/** The metric filters of all groups. They hang on the group's number, so a group created again has none. */
export class MetricFilters {
  readonly #records: RecordStore
  readonly #groups: Groups
  readonly #telemetry: Telemetry
  readonly #cache = new WatchedCache<GroupFilters>(CACHED_GROUPS)

  constructor(records: RecordStore, groups: Groups, telemetry: Telemetry) {
    this.#records = records
    this.#groups = groups
    this.#telemetry = telemetry
    records.watch(METRIC_FILTERS, ({ id }) => this.#cache.forget(id.slice(0, id.indexOf('/') + 1)))
  }

  /** A group's filters by ascending name. */
  async ofGroup(group: Pick<LogGroup, 'place' | 'number'>): Promise<readonly MetricFilter[]> {
    const { place, number } = group
    const stored = await this.#records.list<MetricFilterRecord>(METRIC_FILTERS, place.account, place.region, {
      prefix: `${numberId(number)}/`,
    })
    return stored.map(filterOf)
  }

  /** All filters of an account and region, in no order that matters; a chunk at a time. */
  async *ofPlace({ account, region }: LogsPlace): AsyncGenerator<readonly MetricFilter[]> {
    let after: string | undefined
    for (;;) {
      const options = { limit: CHUNK, ...(after === undefined ? {} : { after }) }
      const stored = await this.#records.list<MetricFilterRecord>(METRIC_FILTERS, account, region, options)
      yield stored.map(filterOf)
      after = stored.at(-1)?.key.id
      if (stored.length < CHUNK) return
    }
  }

  /** The filters when they are in memory; for the hot path. */
  held(group: LogGroup): GroupFilters | undefined {
    return this.#cache.held(group.idPrefix)
  }

  async ready(group: LogGroup): Promise<GroupFilters> {
    const load = async (): Promise<GroupFilters> => groupFilters(this.#compiled(group, await this.ofGroup(group)))
    return (await this.#cache.get(group.idPrefix, load)) ?? groupFilters([])
  }

  /**
   * Adds a filter to a group or replaces the one of its name.
   * @param check of the group's other filters, before anything is changed
   * @throws AwsError ResourceNotFoundException, LimitExceededException, and what `check` throws
   */
  async put(
    place: LogsPlace,
    groupName: string,
    name: string,
    record: Omit<MetricFilterRecord, 'groupName'>,
    check: (group: LogGroup, others: readonly MetricFilter[]) => void | Promise<void>,
  ): Promise<void> {
    const group = await this.#groups.change(place, groupName, async (current) => {
      const others = (await this.ofGroup(current)).filter((filter) => filter.name !== name)
      await check(current, others)
      if (others.length >= MAX_METRIC_FILTERS) throw logsErrors.limitExceeded()
      const value: MetricFilterRecord = { ...record, groupName }
      return {
        record: { ...recordOf(current), metricFilterCount: others.length + 1 },
        also: [{ kind: 'put', key: metricFilterKey(current, name), value }],
      }
    })
    this.#cache.forget(group.idPrefix)
  }

  /** @throws AwsError ResourceNotFoundException for the group or the filter */
  async delete(place: LogsPlace, groupName: string, name: string): Promise<void> {
    const group = await this.#groups.change(place, groupName, async (current) => {
      const filters = await this.ofGroup(current)
      if (!isStorable(name) || !filters.some((filter) => filter.name === name)) throw logsErrors.metricFilterNotFound()
      return {
        record: { ...recordOf(current), metricFilterCount: filters.length - 1 },
        also: [{ kind: 'delete', key: metricFilterKey(current, name) }],
      }
    })
    this.#cache.forget(group.idPrefix)
  }

  /** One that an older version took and this one cannot read is left out and named in the log. */
  #compiled(group: LogGroup, filters: readonly MetricFilter[]): readonly CompiledFilter[] {
    return filters.flatMap((filter) => {
      try {
        return compileMetricFilter(group, filter) ?? []
      } catch (error) {
        const where = { group: group.name, filter: filter.name }
        this.#telemetry.log.warn({ event: 'metric_filter_unreadable', ...where, error: messageOf(error) })
        return []
      }
    })
  }
}

const groupFilters = (filters: readonly CompiledFilter[]): GroupFilters => ({
  filters,
  screen: new Screen(filters.map(({ containing }) => containing)),
})

const filterOf = ({ key, value }: StoredRecord<MetricFilterRecord>): MetricFilter => ({
  ...value,
  ...filterIdentity(key),
})
