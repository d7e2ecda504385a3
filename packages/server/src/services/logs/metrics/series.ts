import type { Distribution, StatisticSet } from '#kernel/metric-point.ts'
import { MAX_POINT_VALUES } from '#services/logs/limits.ts'
import type { Dimensions, SampledMetric } from '#services/logs/metrics/compiled-filter.ts'

/** Samples taken together, and how often each value came; left out: it is not known, or all are the same. */
export interface Gathered {
  readonly statistics: StatisticSet
  readonly distribution?: Distribution
}

/** Samples of one source with one set of dimensions in one minute. */
export class Series {
  readonly metric: SampledMetric
  readonly dimensions: Dimensions
  /** Different values held. */
  values = 0
  readonly #full: Gathered[] = []
  #sums: Sums = noSums()
  /** How often each value came; undefined while there is one, which most filters never leave. */
  #counts: Map<number, number> | undefined
  #isUnknown = false

  constructor(metric: SampledMetric, dimensions: Dimensions) {
    this.metric = metric
    this.dimensions = dimensions
  }

  /** @param options.mayGrow false: no more values are held, and from now on it is not known how they are distributed */
  add(value: number, { mayGrow, times = 1 }: { readonly mayGrow: boolean; readonly times?: number }): void {
    const sums = this.#sums
    if (!this.#isUnknown && sums.sampleCount > 0) this.#count(value, mayGrow, times)
    sums.sampleCount += times
    sums.sum += value * times
    if (value < sums.minimum) sums.minimum = value
    if (value > sums.maximum) sums.maximum = value
    if (this.#counts?.size === MAX_POINT_VALUES) this.#close()
  }

  /** All samples, in as many parts as it takes; none when there were none. */
  gathered(): readonly Gathered[] {
    return this.#sums.sampleCount > 0 ? [...this.#full, this.#current()] : this.#full
  }

  #count(value: number, mayGrow: boolean, times: number): void {
    const { minimum: first, sampleCount } = this.#sums
    if (this.#counts === undefined) {
      if (value === first) return
      this.#counts = new Map([[first, sampleCount]])
      this.values += 1
    }
    const known = this.#counts.get(value)
    if (known === undefined && !mayGrow) {
      this.#isUnknown = true
      this.values -= this.#counts.size
      this.#counts = undefined
      return
    }
    if (known === undefined) this.values += 1
    this.#counts.set(value, (known ?? 0) + times)
  }

  #close(): void {
    this.#full.push(this.#current())
    this.#sums = noSums()
    this.#counts = undefined
  }

  #current(): Gathered {
    const statistics = { ...this.#sums }
    if (this.#counts === undefined) return { statistics }
    return { statistics, distribution: { values: [...this.#counts.keys()], counts: [...this.#counts.values()] } }
  }
}

type Sums = { -readonly [K in keyof StatisticSet]: StatisticSet[K] }

const noSums = (): Sums => ({ sampleCount: 0, sum: 0, minimum: Infinity, maximum: -Infinity })
