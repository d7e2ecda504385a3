import type { PageTokens } from '#kernel/page-token.ts'
import type { MetricJournal } from '#stores/journals/metric-journal.ts'

/** What CloudWatch stands on. */
export interface CloudwatchDeps {
  readonly journal: MetricJournal
  readonly tokens: PageTokens
}
