import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { MAX_WORK } from '#services/cloudwatch/limits.ts'
import { evaluate } from '#services/cloudwatch/math/evaluate.ts'
import type { Grid } from '#services/cloudwatch/math/fill.ts'
import { asksForMetrics, namesIn } from '#services/cloudwatch/math/parse.ts'
import { BadExpression } from '#services/cloudwatch/math/tokens.ts'
import { Budget, type Series, type Value } from '#services/cloudwatch/math/value.ts'
import type { MetricDataQuery, Query } from '#services/cloudwatch/queries/check-queries.ts'
import { type PeriodSource, type Reader, readSeries } from '#services/cloudwatch/queries/read-series.ts'

/** Works out the queries of one call, each once, and reads only the metrics that they need. */
export class Evaluation {
  readonly #queries: ReadonlyMap<string, Query>
  readonly #grid: Grid
  readonly #values = new Map<string, Value>()
  /** Ids that are being worked out, to find an expression that needs itself. */
  readonly #open = new Set<string>()
  readonly #budget = new Budget(MAX_WORK)

  constructor(queries: ReadonlyMap<string, Query>, grid: Grid) {
    this.#queries = queries
    this.#grid = grid
  }

  /** Reads the metrics that these queries need. */
  async load(ids: readonly string[], journal: PeriodSource, ctx: Reader): Promise<void> {
    const needed = new Map<string, MetricDataQuery>()
    const seen = new Set<string>()
    const visit = (id: string): void => {
      const query = this.#queries.get(id)
      if (query === undefined || seen.has(id)) return
      seen.add(id)
      if (query.kind === 'metric') {
        if (!this.#values.has(id)) needed.set(id, query)
        return
      }
      namesIn(query.expression).forEach(visit)
      if (asksForMetrics(query.expression)) this.#metricIds().forEach(visit)
    }
    ids.forEach(visit)
    const read = await readSeries([...needed.values()], this.#grid, journal, ctx)
    for (const series of read) {
      this.#spend(series)
      this.#values.set(series.id, { kind: 'series', series })
    }
  }

  /**
   * The series of a query whose metrics are loaded; several, or none, when it is an expression for an array.
   * @throws AwsError ValidationError, or 501 for functions that are not built
   */
  seriesOf(id: string): readonly Series[] {
    try {
      const value = this.#valueOf(id)
      if (value?.kind === 'list') return value.list
      if (value?.kind === 'series') return [value.series]
      throw new BadExpression('An expression that returns data must be a time series or an array of them')
    } catch (error) {
      if (error instanceof BadExpression) throw cloudwatchErrors.expression(id, error.message)
      throw error
    }
  }

  #valueOf(id: string): Value | undefined {
    const known = this.#values.get(id)
    const query = this.#queries.get(id)
    if (known !== undefined || query?.kind !== 'expression') return known
    if (this.#open.has(id)) throw new BadExpression(`Circular reference to ${id}`)
    this.#open.add(id)
    const value = this.#named(
      query,
      evaluate(query.expression, {
        valueOf: (name) => this.#valueOf(name),
        metrics: () => this.#metricIds().flatMap((metric) => this.seriesOf(metric)),
        grid: this.#grid,
        budget: this.#budget,
      }),
    )
    this.#open.delete(id)
    this.#values.set(id, value)
    return value
  }

  /** What an expression makes carries the expression's id; the series of an array keep their labels. */
  #named({ id, label }: Query, value: Value): Value {
    if (value.kind === 'series') return { kind: 'series', series: { ...value.series, id, label: label ?? id } }
    if (value.kind === 'scalar') return value
    return { kind: 'list', list: value.list.map((one) => ({ ...one, id, ...(label === undefined ? {} : { label }) })) }
  }

  #metricIds(): readonly string[] {
    return [...this.#queries.values()].flatMap(({ id, kind }) => (kind === 'metric' ? [id] : []))
  }

  #spend({ id, points }: Series): void {
    try {
      this.#budget.spend(points.size)
    } catch (error) {
      if (error instanceof BadExpression) throw cloudwatchErrors.expression(id, error.message)
      throw error
    }
  }
}
