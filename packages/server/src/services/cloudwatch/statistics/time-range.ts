import type { EpochMillis } from '#kernel/ids.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { RETENTION } from '#services/cloudwatch/limits.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const SHORT_PERIODS: ReadonlySet<number> = new Set([1, 5, 10, 20, 30])

/** @throws AwsError when a period, in seconds, is neither a short one nor whole minutes */
export function checkPeriod(name: string, seconds: number): void {
  if (seconds % 60 !== 0 && !SHORT_PERIODS.has(seconds))
    throw cloudwatchErrors.invalidValue(`The parameter ${name} must be 1, 5, 10, 20, 30 or a multiple of 60.`)
}

export interface AskedRange {
  readonly start: EpochMillis
  /** Exclusive. */
  readonly end: EpochMillis
  /** Milliseconds. */
  readonly period: number
}

/**
 * The periods that can be answered: the start is rounded by its age, and periods are left out whose points would not be
 * kept that finely any more. `undefined`: none.
 */
export function answeredRange(
  { start, end, period }: AskedRange,
  now: EpochMillis,
): { readonly from: EpochMillis; readonly to: EpochMillis } | undefined {
  const rounded = roundStart(start, period, now)
  const kept = RETENTION.find(({ below }) => period < below)?.kept ?? 0
  const missing = Math.max(0, Math.ceil((now - kept - rounded) / period))
  const from = rounded + missing * period
  return from < end ? { from, to: end } : undefined
}

/** Down to the step that fits the start's age; within the last hours a short period is its own step. */
function roundStart(start: EpochMillis, period: number, now: EpochMillis): EpochMillis {
  const age = now - start
  const [finest] = RETENTION
  const byAge = RETENTION.find(({ kept }) => age <= kept)?.step ?? RETENTION.at(-1)?.step ?? MINUTE
  const step = period < MINUTE && age <= (finest?.kept ?? 0) ? period : byAge
  return Math.max(0, Math.floor(start / step) * step)
}
