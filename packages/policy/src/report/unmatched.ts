import type { PolicyType, UnmatchedStatement } from '../decision.ts'
import { actionMatches } from '../evaluate/action.ts'
import { EvaluationError, type Facts } from '../evaluate/facts.ts'
import { principalMatch } from '../evaluate/principal.ts'
import { resourceMatches } from '../evaluate/resource.ts'
import type { Survey } from '../evaluate/survey.ts'
import type { Statement } from '../policy.ts'
import type { NamedPolicy } from '../request.ts'
import { bounded } from './bounded.ts'
import { failedConditions } from './conditions.ts'
import { referenceTo } from './reference.ts'

type Failure = Pick<UnmatchedStatement, 'failed' | 'expected' | 'conditions'>

/** The closer a statement came, the more it explains. */
const CLOSENESS: readonly UnmatchedStatement['failed'][] = ['condition', 'resource', 'principal', 'action']

/** Allow statements that are about the request's action or resource and did not apply, the closest ones first. */
export function unmatchedStatements(surveys: readonly Survey[], facts: Facts): readonly UnmatchedStatement[] {
  const found = surveys.flatMap(({ type, policies }) =>
    policies.flatMap((policy) =>
      policy.policy.statements.flatMap((statement) => unmatched(type, policy, statement, facts)),
    ),
  )
  return found.toSorted((left, right) => CLOSENESS.indexOf(left.failed) - CLOSENESS.indexOf(right.failed))
}

function unmatched(
  type: PolicyType,
  policy: NamedPolicy,
  statement: Statement,
  facts: Facts,
): readonly UnmatchedStatement[] {
  if (statement.effect === 'Deny') return []
  const failure = failureOf(statement, facts)
  return failure === undefined ? [] : [{ ...referenceTo(type, policy, statement), ...failure }]
}

/** `undefined`: the statement applies, or is about something else. */
function failureOf(statement: Statement, facts: Facts): Failure | undefined {
  const { action, resource, principal } = statement
  const actionApplies = actionMatches(action, facts)
  if (!actionApplies && !isAboutService(statement, facts)) return undefined
  const principalApplies = principal === undefined || principalMatch(principal, facts.request.principal) !== undefined
  const resourceApplies = resource === undefined || resourceMatches(resource, statement.effect, facts)
  if (!actionApplies) {
    const near = principalApplies && resourceApplies && isAboutResource(statement)
    return near ? failed('action', expectation(action.negated, texts(action.patterns))) : undefined
  }
  if (!principalApplies)
    return failed(
      'principal',
      expectation(
        principal.negated,
        principal.written.map(([, text]) => text),
      ),
    )
  if (!resourceApplies) return failed('resource', expectation(resource.negated, texts(resource.patterns)))
  return conditionFailure(statement, facts)
}

function conditionFailure(statement: Statement, facts: Facts): Failure | undefined {
  try {
    const conditions = failedConditions(statement, facts)
    return conditions.length === 0 ? undefined : { failed: 'condition', expected: [], conditions }
  } catch (error) {
    if (error instanceof EvaluationError) return failed('condition', [])
    throw error
  }
}

const failed = (element: Failure['failed'], expected: readonly string[]): Failure => ({
  failed: element,
  expected,
  conditions: [],
})

const expectation = (negated: boolean, written: readonly string[]): readonly string[] =>
  bounded(negated ? written.map((text) => `not ${text}`) : written)

const texts = (patterns: readonly { readonly text: string }[]): readonly string[] => patterns.map(({ text }) => text)

/** Names an action of the request's service. */
function isAboutService(statement: Statement, facts: Facts): boolean {
  const prefix = `${facts.service}:`
  return statement.action.patterns.some(({ text }) => text.trim().toLowerCase().startsWith(prefix))
}

/** Names resources of its own, not just everything. */
const isAboutResource = ({ resource }: Statement): boolean =>
  resource?.patterns.some(({ text }) => text !== '*') === true
