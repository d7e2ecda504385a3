import type { AccountId, EpochMillis, Region } from '#kernel/ids.ts'

/** Samples of a metric taken together. */
export interface StatisticSet {
  readonly sampleCount: number
  readonly sum: number
  readonly minimum: number
  readonly maximum: number
}

/** Which values the samples of a statistic set had, and how many had each. Both lists have one length. */
export interface Distribution {
  readonly values: readonly number[]
  readonly counts: readonly number[]
}

/**
 * What one source has to say about one metric in one minute or second. Points of the same metric, dimensions and time are
 * added up by who reads them, so a late sample is a point of its own.
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
  /** When the minute begins; the second, when the resolution is one. */
  readonly timestamp: EpochMillis
  /** Seconds; 60 when left out. */
  readonly storageResolution?: 1 | 60
  readonly statistics: StatisticSet
  /** Left out: it is not known, unless all samples have the same value. */
  readonly distribution?: Distribution
}

/** Most points of one publication. */
export const MAX_PUBLISHED_POINTS = 10_000

/** Takes metric points. */
export interface MetricSink {
  /**
   * Takes all of the points or none; they are durable when it resolves. At most {@link MAX_PUBLISHED_POINTS}.
   * @throws Error when it cannot now; the caller keeps them and tries again
   */
  publish(points: readonly MetricPoint[]): Promise<void>
}
