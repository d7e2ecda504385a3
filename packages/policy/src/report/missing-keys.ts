import type { MatchedStatement, UnmatchedStatement } from '../decision.ts'
import { actionMatches } from '../evaluate/action.ts'
import type { Facts } from '../evaluate/facts.ts'
import type { Survey } from '../evaluate/survey.ts'
import { variablesOf } from '../text/template.ts'
import { bounded } from './bounded.ts'

/** Keys that statements about the request asked for and the request does not have. */
export function missingKeysOf(
  matched: readonly MatchedStatement[],
  unmatched: readonly UnmatchedStatement[],
  surveys: readonly Survey[],
  facts: Facts,
): readonly string[] {
  const conditions = [
    ...matched.flatMap(({ metByMissingKey }) => metByMissingKey),
    ...unmatched.flatMap((statement) => statement.conditions.filter(({ missing }) => missing)),
  ]
  return bounded([...new Set([...conditions.map(({ key }) => key), ...missingVariables(surveys, facts)])])
}

/** Keys of the variables in resources that have nothing to stand for them. */
const missingVariables = (surveys: readonly Survey[], facts: Facts): readonly string[] =>
  surveys
    .flatMap(({ policies }) => policies.flatMap(({ policy }) => policy.statements))
    .filter((statement) => actionMatches(statement.action, facts))
    .flatMap(({ resource }) => resource?.patterns ?? [])
    .flatMap(({ tail }) => variablesOf(tail))
    .filter((variable) => facts.resolve(variable) === undefined)
    .map(({ key }) => key)
