import type { MetricPoint, MetricSink } from '../../server/src/kernel/metric-point.ts'

/** Metric points held in memory, for tests of what makes them. */
export interface MemoryMetricSink extends MetricSink {
  readonly points: readonly MetricPoint[]
  /** From now on publishing fails with this, or works again. */
  fail(error: Error | undefined): void
}

/** @param capacity points held; a publication that does not fit is refused whole */
export function memoryMetricSink(capacity = 100_000): MemoryMetricSink {
  const points: MetricPoint[] = []
  let failure: Error | undefined
  return {
    points,
    fail: (error) => {
      failure = error
    },
    publish: async (published) => {
      if (failure !== undefined) throw failure
      if (points.length + published.length > capacity) {
        throw new Error(`${String(published.length)} metric points do not fit: ${String(capacity)} are held at most`)
      }
      points.push(...published)
    },
  }
}
