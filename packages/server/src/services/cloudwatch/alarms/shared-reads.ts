import type { MetricJournal, MetricPeriod, MetricQuery } from '#stores/journals/metric-journal.ts'
import type { PeriodSource } from '#services/cloudwatch/queries/read-series.ts'

interface Waiting {
  readonly query: MetricQuery
  readonly done: (periods: readonly MetricPeriod[]) => void
  readonly failed: (error: unknown) => void
}

/**
 * Reads of many alarms as one: what is asked for in the same turn goes to the journal together, and each metric, unit and
 * period once, over the longest time that anyone asked for.
 */
export class SharedReads implements PeriodSource {
  readonly #journal: PeriodSource
  #waiting: Waiting[] = []
  #signal: AbortSignal

  constructor(journal: Pick<MetricJournal, 'statistics'>, signal: AbortSignal) {
    this.#journal = journal
    this.#signal = signal
  }

  statistics(queries: readonly MetricQuery[]): Promise<readonly (readonly MetricPeriod[])[]> {
    return Promise.all(queries.map((query) => this.#add(query)))
  }

  #add(query: MetricQuery): Promise<readonly MetricPeriod[]> {
    return new Promise((done, failed) => {
      if (this.#waiting.length === 0) queueMicrotask(() => void this.#read())
      this.#waiting.push({ query, done, failed })
    })
  }

  async #read(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    const groups = [...Map.groupBy(waiting, ({ query }) => keyOf(query)).values()]
    try {
      const answers = await this.#journal.statistics(groups.map(widest), this.#signal)
      for (const [index, group] of groups.entries()) {
        const periods = answers[index] ?? []
        for (const { query, done } of group) done(periods.filter(({ start }) => start >= query.from))
      }
    } catch (error) {
      for (const { failed } of waiting) failed(error)
    }
  }
}

/** Periods of one key are the same ones, counted back from where they end. */
function keyOf({ account, region, namespace, metricName, dimensions, unit, period, from, to }: MetricQuery): string {
  const sorted = Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([account, region, namespace, metricName, sorted, unit ?? null, period, to, from % period])
}

function widest(group: readonly Waiting[]): MetricQuery {
  const queries = group.map(({ query }) => query)
  const [first] = queries
  if (first === undefined) throw new Error('a group has at least one query')
  return {
    ...first,
    from: Math.min(...queries.map(({ from }) => from)),
    distribution: queries.some(({ distribution }) => distribution),
  }
}
