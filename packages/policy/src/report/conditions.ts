import type { ConditionReport } from '../decision.ts'
import { type Condition, conditionHolds, holdsWhenMissing } from '../evaluate/condition.ts'
import type { Facts } from '../evaluate/facts.ts'
import type { Statement } from '../policy.ts'
import type { ContextValue } from '../request.ts'
import { variablesOf } from '../text/template.ts'
import { bounded, boundedConditions } from './bounded.ts'

/** The conditions of a statement that do not hold. */
export const failedConditions = (statement: Statement, facts: Facts): readonly ConditionReport[] =>
  boundedConditions(
    statement.conditions.filter((condition) => !conditionHolds(condition, statement.effect, facts)),
  ).map((condition) => reportCondition(condition, facts))

/** The conditions of a statement that hold only because the request does not have their key. */
export const metByMissingKey = (statement: Statement, facts: Facts): readonly ConditionReport[] =>
  boundedConditions(statement.conditions.filter((condition) => isMetByMissingKey(condition, facts))).map((condition) =>
    reportCondition(condition, facts),
  )

const isMetByMissingKey = (condition: Condition, facts: Facts): boolean =>
  !condition.operator.presence && facts.value(condition.name) === undefined && holdsWhenMissing(condition)

function reportCondition(condition: Condition, facts: Facts): ConditionReport {
  const actual = facts.value(condition.name)
  const note = noteOf(condition, actual, facts)
  return {
    operator: condition.written,
    key: condition.key,
    policyValues: bounded(condition.values.map(({ template }) => template.text)),
    ...(actual === undefined ? {} : { actualValues: bounded(typeof actual === 'string' ? [actual] : actual) }),
    missing: actual === undefined,
    ...(note === undefined ? {} : { note }),
  }
}

function noteOf(condition: Condition, actual: ContextValue | undefined, facts: Facts): string | undefined {
  if (condition.operator.presence || actual === undefined) return undefined
  if (condition.quantifier === 'one' && typeof actual !== 'string') {
    return `the key has a list of values, and only ForAnyValue:${condition.written} or ForAllValues:${condition.written} can compare one`
  }
  const unresolved = condition.values
    .flatMap(({ template }) => variablesOf(template))
    .find((variable) => facts.resolve(variable) === undefined)
  return unresolved === undefined ? undefined : `the request has no single value for the variable \${${unresolved.key}}`
}
