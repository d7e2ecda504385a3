import type { Distribution, StatisticSet } from '#kernel/metric-point.ts'
import type { MetricPeriod, MetricQuery } from '#stores/journals/metric-journal.ts'
import { compareText } from './dimensions.ts'

/** What is known of a period from one place. */
export interface PartialPeriod {
  readonly start: number
  readonly unit: string
  readonly statistics: StatisticSet
  /** `undefined`: some point's distribution is not known. */
  readonly distribution: Distribution | undefined
}

interface Sums {
  readonly start: number
  readonly unit: string
  sampleCount: number
  sum: number
  minimum: number
  maximum: number
  /** Value → count. `undefined`: not known of every point. */
  counts: Map<number, number> | undefined
}

/** Adds up what is known of a metric's periods, wherever it was found. */
export class Periods {
  readonly #query: MetricQuery
  readonly #sums = new Map<string, Sums>()

  constructor(query: MetricQuery) {
    this.#query = query
  }

  /** Adds a point or a partial sum; its time is anywhere in its period. */
  add({ start: at, unit, statistics, distribution }: PartialPeriod): void {
    const { from, period, distribution: isWanted } = this.#query
    const start = from + Math.floor((at - from) / period) * period
    const key = `${String(start)} ${unit}`
    let sums = this.#sums.get(key)
    if (sums === undefined) {
      const counts = isWanted ? new Map<number, number>() : undefined
      sums = { start, unit, sampleCount: 0, sum: 0, minimum: Infinity, maximum: -Infinity, counts }
      this.#sums.set(key, sums)
    }
    sums.sampleCount += statistics.sampleCount
    sums.sum += statistics.sum
    sums.minimum = Math.min(sums.minimum, statistics.minimum)
    sums.maximum = Math.max(sums.maximum, statistics.maximum)
    if (distribution === undefined) sums.counts = undefined
    else if (sums.counts !== undefined) addCounts(sums.counts, distribution)
  }

  /** By time, then by unit. */
  result(): readonly MetricPeriod[] {
    return [...this.#sums.values()]
      .toSorted((a, b) => a.start - b.start || compareText(a.unit, b.unit))
      .map(({ start, unit, counts, ...statistics }) => ({
        start,
        unit,
        statistics,
        ...(counts === undefined ? {} : { distribution: distributionOf(counts) }),
      }))
  }
}

function addCounts(counts: Map<number, number>, { values, counts: added }: Distribution): void {
  for (const [index, value] of values.entries()) counts.set(value, (counts.get(value) ?? 0) + (added[index] ?? 0))
}

function distributionOf(counts: ReadonlyMap<number, number>): Distribution {
  const sorted = [...counts].toSorted(([a], [b]) => a - b)
  return { values: sorted.map(([value]) => value), counts: sorted.map(([, count]) => count) }
}
