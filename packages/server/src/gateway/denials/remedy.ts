import type { ConditionReport, Decision, MatchedStatement, UnmatchedStatement } from '@sluice/policy'

/** What would let a denied request in, in sentences; each is a way of its own. */
export function remedies(decision: Decision): readonly string[] {
  switch (decision.kind) {
    case 'explicit-deny':
      return decision.matched.filter(({ effect }) => effect === 'Deny').map(withoutDeny)
    case 'implicit-deny':
      return decision.decidedBy === 'error'
        ? ['Mend the policy that cannot be evaluated; until then everything that it speaks about is denied.']
        : [...nearMisses(decision), newStatement(decision)]
    case 'allow':
      return []
    default:
      return decision.kind satisfies never
  }
}

const nameOf = ({ index, sid, policyName }: MatchedStatement | UnmatchedStatement): string =>
  `statement ${String(index + 1)}${sid === undefined ? '' : ` (${sid})`} of ${policyName}`

function withoutDeny(statement: MatchedStatement): string {
  const missing = statement.metByMissingKey.map(({ key }) => key)
  const or = missing.length === 0 ? '' : `, or make the request carry ${missing.join(' and ')}`
  return `Remove or narrow ${nameOf(statement)}${or}: no Allow outweighs a Deny.`
}

/** What each statement that came near lacks. */
const nearMisses = ({ unmatched, action, principal, resource }: Decision): readonly string[] =>
  unmatched.map((statement) => {
    const name = nameOf(statement)
    switch (statement.failed) {
      case 'condition':
        return `Meet the conditions of ${name}${wanted(statement.conditions)}, or change them.`
      case 'resource':
        return `Add ${resource} to the resources of ${name}.`
      case 'action':
        return `Add ${action} to the actions of ${name}.`
      case 'principal':
        return `Add ${principal} to the principals of ${name}.`
      default:
        return statement.failed satisfies never
    }
  })

const wanted = (conditions: readonly ConditionReport[]): string =>
  conditions.length === 0
    ? ''
    : ` (${conditions.map(({ operator, key, policyValues }) => `${operator} ${key}: ${policyValues.join(', ')}`).join('; ')})`

function newStatement({ decidedBy, action, resource, principal, crossAccount }: Decision): string {
  const allow = JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource })
  const both = crossAccount
    ? ' Across accounts, the policies of the caller and the policy of the resource must both allow it.'
    : ''
  switch (decidedBy) {
    case 'identity':
      return `Give ${principal} a policy with ${allow}.${both}`
    case 'boundary':
      return `Add ${allow} to the permissions boundary of ${principal}: it allows nothing by itself, but limits all other policies.`
    case 'session':
      return `Ask for the session with a session policy that has ${allow}, or with none.`
    case 'trust':
      return `Let the trust policy of ${resource} allow ${action} to ${principal}.${both}`
    case 'resource':
      return `Let a policy of the resource allow ${action} on ${resource} to ${principal}.${both}`
    case 'scp':
    case 'rcp':
    case 'endpoint':
      return `Every policy of that sort (${decidedBy}) must have ${allow}.`
    case 'root':
    case 'error':
      return `There is no statement that allows this.`
    default:
      return decidedBy satisfies never
  }
}
