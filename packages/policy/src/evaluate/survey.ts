import type { PolicyType } from '../decision.ts'
import type { Statement } from '../policy.ts'
import type { NamedPolicy } from '../request.ts'
import type { Facts } from './facts.ts'
import { type Application, statementApplies } from './statement.ts'

/** A statement that applies, and whose it is. */
export interface Match {
  readonly type: PolicyType
  readonly policy: NamedPolicy
  readonly statement: Statement
  readonly application: Application
}

/** What the policies of one type say about a request. */
export interface Survey {
  readonly type: PolicyType
  readonly policies: readonly NamedPolicy[]
  readonly denies: readonly Match[]
  readonly allows: readonly Match[]
}

/**
 * How many Allows are looked for: one is enough where only that counts; every one where the principal they name counts
 * or all are to be told. Denies are always looked for to the end, though one is enough.
 */
export type Thoroughness = 'first' | 'every'

/** @throws EvaluationError when the request cannot be evaluated */
export function survey(type: PolicyType, policies: readonly NamedPolicy[], facts: Facts, how: Thoroughness): Survey {
  const denies: Match[] = []
  const allows: Match[] = []
  for (const policy of policies) {
    for (const statement of policy.policy.statements) {
      const found = statement.effect === 'Deny' ? denies : allows
      if (how === 'first' && found.length > 0) continue
      const application = statementApplies(statement, facts)
      if (application !== undefined) found.push({ type: typeOf(type, policy), policy, statement, application })
    }
  }
  return { type, policies, denies, allows }
}

/** The resource policy of a role is its trust policy. */
const typeOf = (type: PolicyType, policy: NamedPolicy): PolicyType =>
  type === 'resource' && policy.policy.kind === 'trust' ? 'trust' : type
