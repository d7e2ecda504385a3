import type { PageTokens } from '#kernel/page-token.ts'
import type { Alarms } from '#services/cloudwatch/alarms/alarms.ts'
import type { MetricJournal } from '#stores/journals/metric-journal.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** What CloudWatch stands on. */
export interface CloudwatchDeps {
  readonly journal: MetricJournal
  readonly records: RecordStore
  readonly tokens: PageTokens
  readonly alarms: Alarms
}
