import type { Statement } from '../policy.ts'
import { actionMatches } from './action.ts'
import { conditionHolds } from './condition.ts'
import type { Facts } from './facts.ts'
import { type PrincipalMatch, principalMatch } from './principal.ts'
import { resourceMatches } from './resource.ts'

/** How a statement came to apply; `no-principal` in policies that name none. */
export type Application = PrincipalMatch | 'no-principal'

/**
 * Whether a statement applies to a request, cheapest question first. `undefined`: it does not.
 * @throws EvaluationError when the request cannot be evaluated
 */
export function statementApplies(statement: Statement, facts: Facts): Application | undefined {
  if (!actionMatches(statement.action, facts)) return undefined
  const { resource, principal } = statement
  if (resource !== undefined && !resourceMatches(resource, statement.effect, facts)) return undefined
  const application = principal === undefined ? 'no-principal' : principalMatch(principal, facts.request.principal)
  if (application === undefined) return undefined
  for (const condition of statement.conditions)
    if (!conditionHolds(condition, statement.effect, facts)) return undefined
  return application
}
