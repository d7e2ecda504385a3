import type { AccountId, EpochMillis, Region } from '#kernel/ids.ts'

/** Samples of a metric taken together. */
export interface StatisticSet {
  readonly sampleCount: number
  readonly sum: number
  readonly minimum: number
  readonly maximum: number
}

/**
 * What one source has to say about one metric in one minute. Points of the same metric, dimensions and minute are added
 * up by who reads them, so a late sample is a point of its own.
 */
export interface MetricPoint {
  readonly account: AccountId
  readonly region: Region
  /** 1–255 characters, e.g. `MyApp`. */
  readonly namespace: string
  readonly metricName: string
  /** Name → value; at most 30, names in any order. */
  readonly dimensions: Readonly<Record<string, string>>
  /** A CloudWatch StandardUnit, e.g. `Milliseconds`; `None` when there is none. */
  readonly unit: string
  /** When the minute begins. */
  readonly timestamp: EpochMillis
  readonly statistics: StatisticSet
}

/** Takes metric points. */
export interface MetricSink {
  /**
   * Takes all of the points or none.
   * @throws Error when it cannot now; the caller keeps them and tries again
   */
  publish(points: readonly MetricPoint[]): Promise<void>
}
