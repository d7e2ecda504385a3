import type { LogsPlace } from '#services/logs/arns.ts'
import { numberId } from '#services/logs/catalog/log-group.ts'
import { DATA_KEYS } from '#services/logs/encryption/data-keys.ts'
import { METRIC_FILTERS } from '#services/logs/metrics/metric-filter.ts'
import { WAITING_BATCHES } from '#services/logs/subscriptions/backlog.ts'
import { PROTECTION } from '#services/logs/protection/policies.ts'
import { SUBSCRIPTION_FILTERS } from '#services/logs/subscriptions/subscription-filters.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** What hangs on a group's number, under `<group number>/<name>`, and goes with the group. */
const COLLECTIONS: readonly string[] = [DATA_KEYS, METRIC_FILTERS, PROTECTION, SUBSCRIPTION_FILTERS, WAITING_BATCHES]
const AT_ONCE = 500

/** Deletes what hung on a deleted group. */
export async function deleteGroupRecords(
  records: RecordStore,
  { account, region }: LogsPlace,
  group: number,
): Promise<void> {
  for (const collection of COLLECTIONS) {
    for (;;) {
      const found = await records.list(collection, account, region, { prefix: `${numberId(group)}/`, limit: AT_ONCE })
      if (found.length > 0) await records.commit(found.map(({ key }) => ({ kind: 'delete', key })))
      if (found.length < AT_ONCE) break
    }
  }
}
