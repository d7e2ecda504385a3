import type { Call } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import type { PageTokens } from '#kernel/page-token.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { Groups } from '#services/logs/catalog/groups.ts'
import { type Numbers, recordNumbers } from '#services/logs/catalog/numbers.ts'
import { type Removals, recordRemovals } from '#services/logs/catalog/removals.ts'
import { Streams } from '#services/logs/catalog/streams.ts'
import { AccountPolicies } from '#services/logs/accounts/account-policies.ts'
import { type Audit, protectionAudit } from '#services/logs/protection/audit.ts'
import { Protection } from '#services/logs/protection/policies.ts'
import { DataKeys } from '#services/logs/encryption/data-keys.ts'
import { EventEncryption } from '#services/logs/encryption/event-encryption.ts'
import { Deliveries } from '#services/logs/deliveries/deliveries.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import { VENDED_LOGS, type VendedLog } from '#services/logs/deliveries/vended-logs.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { ExportEngine } from '#services/logs/exports/export-engine.ts'
import type { ExportSink } from '#services/logs/exports/export-sink.ts'
import { ExportTasks } from '#services/logs/exports/export-tasks.ts'
import type { LogMetrics } from '#services/logs/metrics/aggregator.ts'
import type { IncomingMetrics } from '#services/logs/metrics/incoming.ts'
import { MetricFilters } from '#services/logs/metrics/metric-filters.ts'
import { type Observe, metricObserver } from '#services/logs/metrics/observe.ts'
import { ResourcePolicies } from '#services/logs/policies/resource-policies.ts'
import { QueryDefinitions } from '#services/logs/queries/query-definitions.ts'
import { Destinations } from '#services/logs/subscriptions/destinations.ts'
import type { TailTiming } from '#services/logs/tail/timing.ts'
import type { TaggedThings } from '#services/logs/tagged.ts'
import { LiveTails } from '#services/logs/tail/live-tails.ts'
import { Backlog } from '#services/logs/subscriptions/backlog.ts'
import { Forwarder } from '#services/logs/subscriptions/forwarder.ts'
import { SubscriptionFilters } from '#services/logs/subscriptions/subscription-filters.ts'
import type { SubscriptionTargets } from '#services/logs/subscriptions/target.ts'
import type { LogJournal } from '#stores/journals/log-journal.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** What CloudWatch Logs stands on. */
export interface LogsDeps {
  readonly records: RecordStore
  readonly journal: LogJournal
  /** The way to KMS. */
  readonly call: Call
  readonly clock: Clock
  readonly tokens: PageTokens
  readonly telemetry: Telemetry
  /** Where samples of metric filters go. Left out: PutMetricFilter is not offered. */
  readonly metrics?: LogMetrics
  /** The service's own metrics. Left out: none are kept. */
  readonly incoming?: IncomingMetrics
  /** Where subscription filters can send. Left out: nowhere. */
  readonly targets?: SubscriptionTargets
  /** Milliseconds before a subscriber that could not be reached is tried again; see the forwarder. */
  readonly patience?: number
  /** Left out: there is no S3, so no bucket exists. */
  readonly exportSink?: ExportSink
  /** What can be delivered; left out: what {@link VENDED_LOGS} lists. */
  readonly vendedLogs?: readonly VendedLog[]
  /** Left out: AWS's, an update a second for three hours. */
  readonly tailTiming?: TailTiming
}

/** What its operations share. */
export interface LogsParts extends LogsDeps {
  readonly targets: SubscriptionTargets
  readonly groups: Groups
  readonly streams: Streams
  readonly numbers: Numbers
  readonly removals: Removals
  readonly policies: ResourcePolicies
  readonly metricFilters: MetricFilters
  readonly observe: Observe
  readonly liveTails: LiveTails
  readonly audit: Audit
  readonly subscriptionFilters: SubscriptionFilters
  readonly destinations: Destinations
  readonly deliveries: Deliveries
  readonly vendedLogs: readonly VendedLog[]
  readonly taggedThings: TaggedThings
  readonly queryDefinitions: QueryDefinitions
  readonly accountPolicies: AccountPolicies
  readonly protection: Protection
  readonly dataKeys: DataKeys
  readonly encryption: EventEncryption
  readonly exportTasks: ExportTasks
  readonly exports: ExportEngine | undefined
  readonly forwarder: Forwarder | undefined
}

export function logsParts(deps: LogsDeps): LogsParts {
  const { records, metrics, telemetry, exportSink: sink, targets } = deps
  const groups = new Groups(records)
  const streams = new Streams(records)
  const subscriptionFilters = new SubscriptionFilters(records, groups)
  const destinations = new Destinations(records)
  const deliveries = new Deliveries(records)
  const exportTasks = new ExportTasks(records)
  const accountPolicies = new AccountPolicies(records)
  const protection = new Protection(records, groups, accountPolicies)
  const dataKeys = new DataKeys(deps)
  const encryption = new EventEncryption({ groups, dataKeys })
  const metricFilters = new MetricFilters(records, groups, telemetry)
  const subscribers = { subscriptionFilters, destinations, accountPolicies }
  const backlog = new Backlog(records)
  const forwarder =
    targets && new Forwarder({ ...deps, ...subscribers, backlog, groups, protection, encryption, targets })
  return {
    ...deps,
    targets: targets ?? new Map(),
    groups,
    streams,
    numbers: recordNumbers(records),
    removals: recordRemovals({ ...deps, streams }),
    policies: new ResourcePolicies(records),
    metricFilters,
    liveTails: new LiveTails(),
    subscriptionFilters,
    destinations,
    deliveries,
    vendedLogs: deps.vendedLogs ?? VENDED_LOGS,
    taggedThings: taggedThings(destinations, deliveries),
    forwarder,
    accountPolicies,
    protection,
    dataKeys,
    encryption,
    exportTasks,
    exports: sink && new ExportEngine({ ...deps, tasks: exportTasks, groups, streams, protection, encryption, sink }),
    queryDefinitions: new QueryDefinitions(records),
    audit: protectionAudit({ protection, telemetry }),
    observe:
      metrics === undefined
        ? () => undefined
        : metricObserver({ ...deps, filters: metricFilters, metrics, protection, incoming: deps.incoming }),
  }
}

const taggedThings = (
  destinations: Destinations,
  { sources, destinations: sinks, joined }: Deliveries,
): TaggedThings => ({
  destination: { records: destinations, notFound: logsErrors.destinationNotFound },
  'delivery-source': { records: sources, notFound: deliveryErrors.sourceNotFound },
  'delivery-destination': { records: sinks, notFound: deliveryErrors.destinationNotFound },
  delivery: { records: joined, notFound: deliveryErrors.deliveryNotFound },
})
