import type { MatchedStatement, PolicyType, StatementReference } from '../decision.ts'
import type { Facts } from '../evaluate/facts.ts'
import type { Match } from '../evaluate/survey.ts'
import type { Statement } from '../policy.ts'
import type { NamedPolicy } from '../request.ts'
import { metByMissingKey } from './conditions.ts'

/** A statement by its names. The resource policy of a role is its trust policy. */
export function referenceTo(
  type: PolicyType,
  { name, arn, policy }: NamedPolicy,
  statement: Statement,
): StatementReference {
  return {
    policyType: type === 'resource' && policy.kind === 'trust' ? 'trust' : type,
    policyName: name,
    ...(arn === undefined ? {} : { policyArn: arn }),
    index: statement.index,
    ...(statement.sid === undefined ? {} : { sid: statement.sid }),
    effect: statement.effect,
    position: statement.position,
  }
}

/** A statement that applied; conditions are looked at again only when there are facts to look at. */
export function matchedStatement(
  { type, policy, statement, application }: Match,
  facts: Facts | undefined,
): MatchedStatement {
  return {
    ...referenceTo(type, policy, statement),
    ...(application === 'no-principal' ? {} : { principalMatch: application }),
    metByMissingKey: facts === undefined ? [] : metByMissingKey(statement, facts),
  }
}
