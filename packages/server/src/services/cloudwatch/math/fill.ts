import { BadExpression } from '#services/cloudwatch/math/tokens.ts'
import type { Points, Series } from '#services/cloudwatch/math/value.ts'

/** How times without a point are filled. */
export type Filling = 'REPEAT' | 'LINEAR' | { readonly value: number }

/** The times that a call asks for. */
export interface Grid {
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

/**
 * Gives a series a point at every period of the call. REPEAT takes the point before, LINEAR what lies between the points
 * around; before the first point, and after the last one with LINEAR, there is nothing to go by and the time stays empty.
 * @throws BadExpression
 */
export function fill({ points, period }: Series, filling: Filling, { from, to }: Grid): Points {
  if (period <= 0) throw new BadExpression('FILL needs a time series with a period')
  const known = [...points]
  const filled = new Map<number, number>()
  let after = 0
  // The grid goes through the points, which may begin later than the call does, or earlier when its start was rounded.
  const first = known[0]?.[0] ?? from
  for (let at = first - Math.max(0, Math.floor((first - from) / period)) * period; at < to; at += period) {
    while ((known[after]?.[0] ?? Infinity) <= at) after += 1
    const value = points.get(at) ?? between(filling, known[after - 1], known[after], at)
    if (value !== undefined) filled.set(at, value)
  }
  return filled
}

function between(
  filling: Filling,
  before: readonly [number, number] | undefined,
  after: readonly [number, number] | undefined,
  at: number,
): number | undefined {
  if (typeof filling === 'object') return filling.value
  if (before === undefined) return undefined
  if (filling === 'REPEAT') return before[1]
  if (after === undefined) return undefined
  return before[1] + ((after[1] - before[1]) * (at - before[0])) / (after[0] - before[0])
}
