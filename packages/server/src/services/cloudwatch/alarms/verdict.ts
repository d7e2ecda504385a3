/** What a period without a datapoint counts as. @source CloudWatch API reference, PutMetricAlarm: TreatMissingData */
export const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const
export type Treatment = (typeof TREATMENTS)[number]

export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

/** A statistic of one period. */
export interface Datapoint {
  /** When the period begins, epoch milliseconds. */
  readonly at: number
  readonly value: number
  /** Left out: an expression's values have none. */
  readonly sampleCount?: number
}

export interface Rule {
  /** M: so many breaching datapoints make an alarm. */
  readonly needed: number
  /** N: of so many. */
  readonly evaluated: number
  readonly treatment: Treatment
  readonly breaches: (value: number) => boolean
}

export interface Verdict {
  /** `undefined`: the alarm keeps its state. */
  readonly state: StateValue | undefined
  /** The datapoints that decided, oldest first; at most N. */
  readonly used: readonly Datapoint[]
  /** How many missing ones had to stand in for datapoints. */
  readonly filled: number
}

/**
 * Judges a range of periods that is longer than N. The newest N datapoints that are there decide, however far they lie
 * apart; what is missing counts only as far as they are fewer than N. Where missing ones are no evidence, a breach that
 * nothing contradicts makes an alarm once it is as old as the alarm needs breaches: not before, since the next datapoint may
 * tell otherwise.
 * @param range oldest first; `undefined` where a period has no datapoint
 * @source CloudWatch user guide, how alarm state is evaluated when data is missing, with its two tables
 */
export function judge(
  range: readonly (Datapoint | undefined)[],
  { needed, evaluated, treatment, breaches }: Rule,
): Verdict {
  const known = range.flatMap((point, index) => (point === undefined ? [] : [{ point, age: range.length - index }]))
  const deciding = known.slice(-evaluated)
  const used = deciding.map(({ point }) => point)
  const filled = evaluated - used.length
  const breaching = deciding.filter(({ point }) => breaches(point.value))
  const verdict = (state: StateValue | undefined): Verdict => ({ state, used, filled })

  if (breaching.length + (treatment === 'breaching' ? filled : 0) >= needed) return verdict('ALARM')
  if (treatment === 'breaching' || treatment === 'notBreaching') return verdict('OK')
  if (used.length === 0) return verdict(treatment === 'missing' ? 'INSUFFICIENT_DATA' : undefined)
  if (breaching.length < used.length) return verdict('OK')
  const oldest = breaching[0]?.age ?? 0
  return verdict(treatment === 'missing' && oldest >= needed ? 'ALARM' : undefined)
}
