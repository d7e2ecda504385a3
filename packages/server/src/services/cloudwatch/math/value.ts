import type { EpochMillis } from '#kernel/ids.ts'
import { BadExpression } from '#services/cloudwatch/math/tokens.ts'

/** Values by time, ascending. */
export type Points = ReadonlyMap<EpochMillis, number>

export interface Series {
  /** The id of its query, or that of the expression which made it. */
  readonly id: string
  readonly label: string
  /** Milliseconds. */
  readonly period: number
  readonly points: Points
}

/** What an expression can be: a number, a time series, or several of them. */
export type Value =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'series'; readonly series: Series }
  | { readonly kind: 'list'; readonly list: readonly Series[] }

export const scalar = (value: number): Value => ({ kind: 'scalar', value })
export const list = (items: readonly Series[]): Value => ({ kind: 'list', list: items })
export const series = (of: Series, points: Points): Value => ({ kind: 'series', series: { ...of, points } })

/** Counts what is worked out, so that no call can ask for more than is good for all. */
export class Budget {
  #left: number
  readonly #most: number

  constructor(most: number) {
    this.#most = most
    this.#left = most
  }

  /** @throws BadExpression when it was too much altogether */
  spend(values: number): void {
    this.#left -= values
    if (this.#left < 0)
      throw new BadExpression(
        `The queries of this call make more than ${String(this.#most)} values; narrow its time range or make its periods longer`,
      )
  }
}

/** What a value that has no number (divided by zero, too large) leaves behind: nothing. */
export function pointsFrom(pairs: Iterable<readonly [EpochMillis, number]>): Points {
  const points = new Map<EpochMillis, number>()
  for (const [at, value] of pairs) if (Number.isFinite(value)) points.set(at, value)
  return points
}

/** Every value through one function. */
export const mapPoints = (points: Points, of: (value: number) => number): Points =>
  pointsFrom([...points].map(([at, value]) => [at, of(value)]))

/** Several series by time: at each time the values of those that have one. */
export function byTime(items: readonly Series[]): readonly (readonly [EpochMillis, readonly number[]])[] {
  const all = new Map<EpochMillis, number[]>()
  for (const { points } of items) {
    for (const [at, value] of points) {
      const values = all.get(at)
      if (values === undefined) all.set(at, [value])
      else values.push(value)
    }
  }
  return [...all].toSorted(([a], [b]) => a - b)
}
