import type { ContextValue, MatchedStatement, PolicyType, Statement } from '@sluice/policy'
import type { Evidence } from '#kernel/errors.ts'
import { principalName } from '#kernel/principal.ts'
import type { DeniedCheck } from '#gateway/denial.ts'

/** AWS wraps every list so. */
interface Items<T> {
  readonly items: readonly T[]
}

/** Most conditions, and values or patterns of one, that a message lists; the most characters of each. */
const MAX_LISTED = 50
const MAX_VALUES = 10
const MAX_CHARACTERS = 256

/** Policies that belong to the resource's account, which another account does not get to see. */
const OF_RESOURCE: ReadonlySet<PolicyType> = new Set(['resource', 'trust', 'rcp'])

/**
 * Why a call was denied, in the JSON that AWS's DecodeAuthorizationMessage answers.
 * @source STS API reference, DecodeAuthorizationMessage
 */
export function authorizationMessage({ check, principal, decision, evidence }: DeniedCheck): string {
  const conditions = Object.entries(evidence.request.context).filter(
    (entry): entry is [string, ContextValue] => entry[1] !== undefined,
  )
  return JSON.stringify({
    allowed: decision.allowed,
    explicitDeny: decision.kind === 'explicit-deny',
    matchedStatements: items(
      decision.matched
        .filter(
          ({ effect, policyType }) => effect === 'Deny' && !(decision.crossAccount && OF_RESOURCE.has(policyType)),
        )
        .slice(0, MAX_VALUES)
        .map((reference) => statementOf(reference, evidence.policies)),
    ),
    failures: items([]),
    context: {
      principal: principalOf(principal),
      action: check.action,
      resource: shorten(check.resource),
      conditions: items(conditions.slice(0, MAX_LISTED).map(([key, value]) => conditionOf(key, [value].flat()))),
    },
  })
}

const items = <T>(list: readonly T[]): Items<T> => ({ items: list })
const shorten = (text: string): string => (text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text)
const values = (list: readonly string[]): Items<{ readonly value: string }> =>
  items(list.slice(0, MAX_VALUES).map((value) => ({ value: shorten(value) })))
const conditionOf = (key: string, list: readonly string[]): object => ({ key: shorten(key), values: values(list) })

function statementOf(reference: MatchedStatement, policies: Evidence['policies']): object {
  const statement = findStatement(reference, policies)
  return {
    statementId: reference.sid ?? '',
    effect: reference.effect.toUpperCase(),
    principals: values(statement?.principal?.written.map(([, text]) => text) ?? []),
    principalGroups: items([]),
    actions: values(statement?.action.patterns.map(({ text }) => text) ?? []),
    resources: values(statement?.resource?.patterns.map(({ text }) => text) ?? []),
    conditions: items(
      (statement?.conditions ?? []).slice(0, MAX_VALUES).map(({ key, values: written }) =>
        conditionOf(
          key,
          written.map(({ template }) => template.text),
        ),
      ),
    ),
  }
}

function findStatement(
  { policyName, policyArn, index }: MatchedStatement,
  policies: Evidence['policies'],
): Statement | undefined {
  const all = [...policies.identity, ...policies.resource, ...(policies.boundary ?? []), ...(policies.session ?? [])]
  return all.find(({ name, arn }) => name === policyName && arn === policyArn)?.policy.statements[index]
}

function principalOf(principal: DeniedCheck['principal']): object {
  const arn = principalName(principal)
  switch (principal.kind) {
    case 'root':
      return { id: principal.account, arn }
    case 'user':
      return { id: principal.userId, name: principal.userName, arn }
    case 'role':
      return { id: `${principal.roleId}:${principal.sessionName}`, arn }
    case 'federated-user':
      return { id: `${principal.account}:${principal.name}`, arn }
    case 'service':
    case 'anonymous':
      return { id: arn, arn }
    default:
      return principal satisfies never
  }
}
