import type { EpochMillis } from '#kernel/ids.ts'
import type { Distribution, MetricPoint, MetricSink, StatisticSet } from '#kernel/metric-point.ts'

/** A metric of an account and region: its name and every one of its dimensions. */
export type MetricIdentity = Pick<MetricPoint, 'namespace' | 'metricName' | 'dimensions'>

/** What is asked of one metric. */
export interface MetricQuery extends MetricIdentity {
  readonly account: string
  readonly region: string
  /** Only points of this unit. Left out: of every unit. */
  readonly unit?: string
  /** Inclusive; the first period begins here. */
  readonly from: EpochMillis
  /** Exclusive. */
  readonly to: EpochMillis
  /** Milliseconds. */
  readonly period: number
  /** Whether distributions are wanted; without them a query is much cheaper. */
  readonly distribution: boolean
}

/** All points of one metric and unit in one period, added up. */
export interface MetricPeriod {
  /** When the period begins: `from` of the query and a multiple of its period. */
  readonly start: EpochMillis
  readonly unit: string
  readonly statistics: StatisticSet
  /** By ascending value, each once. Left out: not asked for, or not known of every point. */
  readonly distribution?: Distribution
}

/** Which metrics are listed. */
export interface MetricListQuery {
  readonly account: string
  readonly region: string
  /** Only metrics with a point at this time or later. */
  readonly since: EpochMillis
  readonly namespace?: string
  readonly metricName?: string
  /** Only metrics that have every one of these dimensions; without a value: whatever the value. */
  readonly dimensions: readonly { readonly name: string; readonly value?: string | undefined }[]
  /** Only metrics after this one in order; the way to the next page. */
  readonly after?: MetricIdentity
  readonly limit: number
  readonly signal: AbortSignal
}

/** Metric points: how much there was of what, minute by minute. */
export interface MetricJournal extends MetricSink {
  /**
   * Answers for each query, in their order, its periods that have points, by time and then by unit. Must count every
   * published point exactly once, whether inserted yet or not.
   */
  statistics(queries: readonly MetricQuery[], signal: AbortSignal): Promise<readonly (readonly MetricPeriod[])[]>
  /** By namespace, metric name and dimensions (sorted by name), each as UTF-8 bytes; must yield each metric once. */
  list(query: MetricListQuery): Promise<readonly MetricIdentity[]>
  close(): Promise<void>
}
