import type { Distribution, StatisticSet } from '#kernel/metric-point.ts'
import type { Bound, RangeKind, SimpleStatistic, Statistic } from '#services/cloudwatch/statistics/statistic.ts'

/** What is known of a period. */
export interface Known {
  readonly statistics: StatisticSet
  readonly distribution?: Distribution
}

const SIMPLE: Readonly<Record<SimpleStatistic, (set: StatisticSet) => number>> = {
  SampleCount: ({ sampleCount }) => sampleCount,
  Average: ({ sum, sampleCount }) => sum / sampleCount,
  Sum: ({ sum }) => sum,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
}

/**
 * A statistic of a period. `undefined`: it cannot be told, because some samples came as a statistic set or are negative.
 * A percentile is the least value that so many of the samples do not exceed; shares cut through equal values.
 * @source CloudWatch user guide, statistics definitions
 */
export function calculate(statistic: Statistic, { statistics, distribution }: Known): number | undefined {
  if (statistic.kind === 'simple') return SIMPLE[statistic.name](statistics)
  if (distribution === undefined || (distribution.values[0] ?? -1) < 0) return undefined
  const samples = new Samples(distribution)
  if (statistic.kind === 'percentile') return samples.percentile(statistic.share)
  return OVER_RANGE[statistic.kind](samples, statistic.low, statistic.high)
}

const OVER_RANGE: Readonly<Record<RangeKind, (samples: Samples, low: Bound, high: Bound) => number | undefined>> = {
  trimmedMean: (samples, low, high) => {
    const { count, sum } = samples.within(low, high)
    return count > 0 ? sum / count : undefined
  },
  trimmedCount: (samples, low, high) => samples.within(low, high).count,
  trimmedSum: (samples, low, high) => samples.within(low, high).sum,
  percentileRank: (samples, low, high) => (100 * samples.within(low, high).count) / samples.count,
  winsorizedMean: (samples, low, high) => {
    const [least, most] = [samples.valueAt(low), samples.valueAt(high)]
    return samples.total((value) => Math.min(Math.max(value, least), most)) / samples.count
  },
}

class Samples {
  readonly count: number
  readonly #values: readonly number[]
  readonly #counts: readonly number[]

  constructor({ values, counts }: Distribution) {
    this.#values = values
    this.#counts = counts
    this.count = counts.reduce((sum, count) => sum + count, 0)
  }

  percentile(share: number): number | undefined {
    let below = 0
    for (const [index, value] of this.#values.entries()) {
      below += this.#counts[index] ?? 0
      if (below >= share * this.count) return value
    }
    return this.#values.at(-1)
  }

  valueAt({ by, at }: Bound): number {
    return by === 'value' ? at : (this.percentile(at) ?? at)
  }

  /** Count and sum of the samples between two bounds; of values the lower one is left out, the upper one is not. */
  within(low: Bound, high: Bound): { readonly count: number; readonly sum: number } {
    let [below, count, sum] = [0, 0, 0]
    for (const [index, value] of this.#values.entries()) {
      const held = this.#counts[index] ?? 0
      const taken =
        low.by === 'value'
          ? value > low.at && value <= high.at
            ? held
            : 0
          : overlap(below, held, low.at, high.at, this.count)
      below += held
      count += taken
      sum += taken * value
    }
    return { count, sum }
  }

  total(of: (value: number) => number): number {
    return this.#values.reduce((sum, value, index) => sum + of(value) * (this.#counts[index] ?? 0), 0)
  }
}

/** How many of the samples `below` to `below + held` lie between two shares of all. */
const overlap = (below: number, held: number, low: number, high: number, all: number): number =>
  Math.max(0, Math.min(below + held, high * all) - Math.max(below, low * all))
