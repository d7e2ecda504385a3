import type { EpochMillis } from '#kernel/ids.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Points of a minute may still be on their way when it ends; so long an evaluation waits for them. */
const SETTLE_MILLIS = 5 * SECOND
/** Periods that are looked at beside N, so that datapoints may be late or few. @source CloudWatch user guide: 5 for 3 */
const SPARE_PERIODS = 2

/** How an alarm looks back. */
export interface Span {
  /** Milliseconds. */
  readonly period: number
  readonly evaluated: number
}

/**
 * How often an alarm is evaluated, in milliseconds: each minute; each ten seconds when its period is shorter; each hour
 * when it looks back over more than a day.
 */
function cadence({ period, evaluated }: Span): number {
  if (period < MINUTE) return 10 * SECOND
  return period * evaluated > DAY ? HOUR : MINUTE
}

/** The evaluation that is due at a time, numbered; it is due once. */
export const slotAt = (span: Span, now: EpochMillis): number => Math.floor((now - SETTLE_MILLIS) / cadence(span))

export interface Window {
  readonly from: EpochMillis
  /** Exclusive. */
  readonly to: EpochMillis
}

/** The periods of an evaluation: they slide with its time, and are not those of the clock. */
export function windowAt({ period, evaluated }: Span, now: EpochMillis): Window {
  const step = Math.min(period, MINUTE) < MINUTE ? 10 * SECOND : MINUTE
  const to = Math.floor((now - SETTLE_MILLIS) / step) * step
  return { from: to - (evaluated + SPARE_PERIODS) * period, to }
}
