import type { PolicyType } from '../decision.ts'
import type { PolicyKind, Statement } from '../policy.ts'
import type { NamedPolicy } from '../request.ts'
import { EvaluationError, type Facts } from './facts.ts'
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

/** A policy with principals says nothing without them, and one without lets everybody in where principals count. */
const KINDS: Readonly<Record<PolicyType, readonly PolicyKind[]>> = {
  identity: ['identity'],
  boundary: ['identity'],
  session: ['identity'],
  scp: ['identity'],
  resource: ['resource', 'trust'],
  trust: ['trust'],
  rcp: ['resource'],
  endpoint: ['resource'],
}

/** @throws EvaluationError when the request cannot be evaluated, or a policy is of a kind that cannot be used as `type` */
export function survey(type: PolicyType, policies: readonly NamedPolicy[], facts: Facts, how: Thoroughness): Survey {
  const denies: Match[] = []
  const allows: Match[] = []
  for (const policy of policies) {
    checkKind(type, policy)
    for (const statement of policy.policy.statements) {
      if (facts.meter !== undefined) facts.meter.steps += 1
      const found = statement.effect === 'Deny' ? denies : allows
      if (how === 'first' && found.length > 0) continue
      const application = statementApplies(statement, facts)
      if (application !== undefined) found.push({ type: typeOf(type, policy), policy, statement, application })
    }
  }
  return { type, policies, denies, allows }
}

function checkKind(type: PolicyType, { name, policy }: NamedPolicy): void {
  if (KINDS[type].includes(policy.kind)) return
  throw new EvaluationError(
    `the policy ${name} was parsed as ${policy.kind} policy and cannot be used as ${type} policy`,
  )
}

/** The resource policy of a role is its trust policy. */
const typeOf = (type: PolicyType, policy: NamedPolicy): PolicyType =>
  type === 'resource' && policy.policy.kind === 'trust' ? 'trust' : type
