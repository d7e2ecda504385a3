import type { EpochMillis } from '#kernel/ids.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
import { type Groups, recordOf } from '#services/logs/catalog/groups.ts'
import { type LogGroup, numberId } from '#services/logs/catalog/log-group.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_SUBSCRIPTION_FILTERS } from '#services/logs/limits.ts'
import { isStorable } from '#services/logs/names.ts'
import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** A subscription filter as it is stored, under `<group number>/<filter name>`. */
export interface SubscriptionFilterRecord {
  readonly creationTime: EpochMillis
  readonly pattern: string
  readonly destinationArn: string
  readonly roleArn?: string
  readonly distribution: 'ByLogStream' | 'Random'
  readonly applyOnTransformedLogs: boolean
  readonly fieldSelectionCriteria?: string
  readonly emitSystemFields?: readonly string[]
}

export interface SubscriptionFilter extends SubscriptionFilterRecord {
  readonly name: string
}

export const SUBSCRIPTION_FILTERS = 'logs.subscription-filter'

/** The subscription filters of all groups. They hang on the group's number, so a group created again has none. */
export class SubscriptionFilters {
  readonly #records: RecordStore
  readonly #groups: Groups

  constructor(records: RecordStore, groups: Groups) {
    this.#records = records
    this.#groups = groups
  }

  /** A group's filters by ascending name. */
  async ofGroup({ place, number }: Pick<LogGroup, 'place' | 'number'>): Promise<readonly SubscriptionFilter[]> {
    const stored = await this.#records.list<SubscriptionFilterRecord>(
      SUBSCRIPTION_FILTERS,
      place.account,
      place.region,
      { prefix: `${numberId(number)}/` },
    )
    return stored.map(({ key, value }) => ({ ...value, name: key.id.slice(key.id.indexOf('/') + 1) }))
  }

  /**
   * Adds a filter to a group or replaces the one of its name.
   * @param check of the group and its other filters, before anything is changed
   * @throws AwsError ResourceNotFoundException, LimitExceededException, and what `check` throws
   */
  async put(
    place: LogsPlace,
    groupName: string,
    name: string,
    value: SubscriptionFilterRecord,
    check: (group: LogGroup, others: readonly SubscriptionFilter[]) => Promise<void>,
  ): Promise<void> {
    await this.#groups.change(place, groupName, async (group) => {
      const others = (await this.ofGroup(group)).filter((filter) => filter.name !== name)
      if (others.length >= MAX_SUBSCRIPTION_FILTERS) throw logsErrors.limitExceeded()
      await check(group, others)
      return {
        record: { ...recordOf(group), subscriptionFilterCount: others.length + 1 },
        also: [{ kind: 'put', key: keyOf(group, name), value }],
      }
    })
  }

  /** @throws AwsError ResourceNotFoundException for the group or the filter */
  async delete(place: LogsPlace, groupName: string, name: string): Promise<void> {
    await this.#groups.change(place, groupName, async (group) => {
      const filters = await this.ofGroup(group)
      if (!isStorable(name) || !filters.some((filter) => filter.name === name)) {
        throw logsErrors.subscriptionFilterNotFound()
      }
      return {
        record: { ...recordOf(group), subscriptionFilterCount: filters.length - 1 },
        also: [{ kind: 'delete', key: keyOf(group, name) }],
      }
    })
  }
}

const keyOf = ({ place, number }: LogGroup, name: string): RecordKey => ({
  collection: SUBSCRIPTION_FILTERS,
  account: place.account,
  region: place.region,
  id: `${numberId(number)}/${name}`,
})
