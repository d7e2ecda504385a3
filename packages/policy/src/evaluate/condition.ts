import type { Quantifier } from '../operators/list.ts'
import type { Operator, ValueTest } from '../operators/operator.ts'
import type { Effect } from '../policy.ts'
import type { ContextValue } from '../request.ts'
import { type Template, resolveTemplate } from '../text/template.ts'
import type { Facts } from './facts.ts'

/** One operator with one key and the values that the policy lists for it. */
export interface Condition {
  /** As written, e.g. `ForAnyValue:StringLikeIfExists`. */
  readonly written: string
  readonly key: string
  /** The key in lower case. */
  readonly name: string
  readonly values: readonly ConditionValue[]
  readonly operator: Operator
  readonly quantifier: Quantifier
  readonly ifExists: boolean
}

/** One value that a policy lists for a key. */
export interface ConditionValue {
  readonly template: Template
  /** Ready to compare, when the value has no variables. */
  readonly test?: ValueTest
}

/** What one value of the request is to the policy's values: `unreadable` when a comparison could not be made. */
type Verdict = 'equal' | 'different' | 'unreadable'

/**
 * Whether a condition holds. What cannot be read never helps an Allow: a positive operator fails, and a negated one
 * fails in an Allow and holds in a Deny.
 * @throws EvaluationError when the request cannot be evaluated
 */
export function conditionHolds(condition: Condition, effect: Effect, facts: Facts): boolean {
  const actual = facts.value(condition.name)
  if (condition.operator.presence) return verdictOf(condition, String(actual === undefined), facts) === 'equal'
  if (actual === undefined) return holdsWhenMissing(condition)
  if (condition.quantifier === 'one') return typeof actual === 'string' && valueHolds(condition, actual, effect, facts)
  const values = valuesOf(actual)
  return condition.quantifier === 'all'
    ? values.every((value) => valueHolds(condition, value, effect, facts))
    : values.some((value) => valueHolds(condition, value, effect, facts))
}

/** A set operator decides about a missing key before `IfExists` does. */
export function holdsWhenMissing(condition: Condition): boolean {
  if (condition.quantifier !== 'one') return condition.quantifier === 'all'
  return condition.ifExists || condition.operator.negated
}

function valueHolds(condition: Condition, actual: string, effect: Effect, facts: Facts): boolean {
  const verdict = verdictOf(condition, actual, facts)
  if (!condition.operator.negated) return verdict === 'equal'
  return verdict === 'different' || (verdict === 'unreadable' && effect === 'Deny')
}

function verdictOf(condition: Condition, actual: string, facts: Facts): Verdict {
  let verdict: Verdict = 'different'
  for (const value of condition.values) {
    const comparison = compare(condition, value, actual, facts)
    if (comparison === true) return 'equal'
    if (comparison === undefined) verdict = 'unreadable'
  }
  return verdict
}

/** A value whose variable has nothing to stand for it compares with nothing. */
function compare(condition: Condition, value: ConditionValue, actual: string, facts: Facts): boolean | undefined {
  if (facts.meter !== undefined) facts.meter.steps += 1
  if (value.test !== undefined) return value.test(actual)
  const pieces = resolveTemplate(value.template, facts.resolve)
  return pieces === undefined ? false : condition.operator.prepare(pieces)(actual)
}

/** The empty text is the null data set to set operators, as a key without values is no key. */
function valuesOf(actual: ContextValue): readonly string[] {
  const values = typeof actual === 'string' ? [actual] : actual
  return values.length === 1 && values[0] === '' ? [] : values
}
