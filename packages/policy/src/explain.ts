import type {
  ConditionReport,
  Decision,
  MatchedStatement,
  PolicyType,
  StatementReference,
  UnmatchedStatement,
} from './decision.ts'

const TYPE_NAMES: Readonly<Record<PolicyType, string>> = {
  identity: 'identity policy',
  resource: 'resource policy',
  trust: 'trust policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  scp: 'service control policy',
  rcp: 'resource control policy',
  endpoint: 'endpoint policy',
}

/** A decision in plain sentences, the verdict first; what people read when they ask why. */
export function explain(decision: Decision): readonly string[] {
  return [
    verdictSentence(decision),
    ...decision.matched.flatMap((statement) => matchedSentences(statement, decision)),
    ...decision.unmatched.map((statement) => unmatchedSentence(statement, decision)),
    ...(decision.unmatchedOmitted === 0
      ? []
      : [`${decision.unmatchedOmitted} more statements came near and are left out.`]),
  ]
}

function verdictSentence(decision: Decision): string {
  const { principal, action, resource, decidedBy } = decision
  const what = `${principal} may${decision.allowed ? '' : ' not'} perform ${action} on ${resource}`
  if (decidedBy === 'error')
    return `${what}: the decision could not be made, because ${decision.error ?? 'of an error'}.`
  if (decidedBy === 'root') return `${what}: the root user needs no policy for it.`
  const type = TYPE_NAMES[decidedBy]
  switch (decision.kind) {
    case 'allow':
      return `${what}: ${article(type)} allows it.`
    case 'explicit-deny':
      return `${what}: ${article(type)} denies it.`
    case 'implicit-deny':
      return `${what}: no ${type} allows it.`
    default:
      return decision.kind satisfies never
  }
}

function matchedSentences(statement: MatchedStatement, decision: Decision): readonly string[] {
  const verb = statement.effect === 'Deny' ? 'denies' : 'allows'
  const enough = decision.allowed || statement.effect === 'Deny' ? '' : insufficiency(statement, decision)
  const missing = statement.metByMissingKey.map(
    ({ operator, key, policyValues }) =>
      `Its condition ${operator} ${key} (${valueList(policyValues)}) holds because the request does not have that key.`,
  )
  return [`${nameOf(statement)} ${verb} it${enough}.`, ...missing]
}

/** Why an Allow did not let the caller in. */
function insufficiency(
  { policyType, principalMatch }: MatchedStatement,
  { crossAccount, decidedBy }: Decision,
): string {
  if (policyType === 'identity' || decidedBy === 'error' || decidedBy === 'root') return ', but that is not enough'
  if (crossAccount) return ", but the caller's own account must allow it too"
  if (principalMatch === 'account') return ' to the account, which leaves it to the policies of the caller'
  return ', but that is not enough'
}

function unmatchedSentence(statement: UnmatchedStatement, decision: Decision): string {
  const { action, principal, resource } = decision
  const name = nameOf(statement)
  switch (statement.failed) {
    case 'action':
      return `${name} is about this resource, but for the actions ${valueList(statement.expected)} and not for ${action}.`
    case 'principal':
      return `${name} allows ${action}, but to ${valueList(statement.expected)} and not to ${principal}.`
    case 'resource':
      return `${name} allows ${action}, but on ${valueList(statement.expected)} and not on ${resource}.`
    case 'condition':
      return `${name} allows ${action} for ${principal}, but ${conditionList(statement.conditions)}.`
    default:
      return statement.failed satisfies never
  }
}

const conditionList = (conditions: readonly ConditionReport[]): string =>
  conditions.length === 0 ? 'its conditions could not be evaluated' : conditions.map(conditionClause).join(', and ')

function conditionClause({ operator, key, policyValues, actualValues, note }: ConditionReport): string {
  const has = actualValues === undefined ? 'does not have that key' : `has ${valueList(actualValues)}`
  return `its condition ${operator} ${key} is ${valueList(policyValues)} and the request ${has}${note === undefined ? '' : ` (${note})`}`
}

function nameOf({ index, sid, policyType, policyName }: StatementReference): string {
  return `Statement ${index + 1}${sid === undefined ? '' : ` (${sid})`} of ${TYPE_NAMES[policyType]} ${policyName}`
}

function valueList(values: readonly string[]): string {
  if (values.length === 0) return 'nothing'
  return values.map((value) => `"${value}"`).join(' or ')
}

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`
