import type { Decision, PolicyType } from '../decision.ts'
import type { AuthorizationRequest, PrincipalIdentity } from '../request.ts'
import { grantOf } from './grant.ts'
import { type Layers, hasIdentityPolicies, surveysOf } from './layers.ts'
import type { Match, Survey } from './survey.ts'

/** The outcome before it is explained. */
export interface Verdict {
  readonly kind: Decision['kind']
  readonly decidedBy: PolicyType | 'root'
  readonly matches: readonly Match[]
}

/** AWS's evaluation order: any Deny, then the limits of organisation and network, then who lets the caller in. */
export function verdictOf(request: AuthorizationRequest, layers: Layers, sessionPolicyLimitsSessionGrants: boolean): Verdict {
  for (const { denies } of surveysOf(layers)) {
    const first = denies[0]
    if (first !== undefined) return { kind: 'explicit-deny', decidedBy: first.type, matches: denies }
  }
  const limit = [...layers.rcp, ...layers.scp, layers.endpoint].find((one) => one !== undefined && !allows(one))
  if (limit !== undefined) return implicitDeny(limit.type, layers)
  if (isCrossAccount(request)) return crossAccountVerdict(request, layers)
  return sameAccountVerdict(request, layers, sessionPolicyLimitsSessionGrants)
}

/** Services, federated and unsigned callers belong to no account that could allow them anything. */
export const isCrossAccount = ({ principal, resourceAccount }: AuthorizationRequest): boolean =>
  (hasIdentityPolicies(principal) || principal.kind === 'root') && principal.account !== resourceAccount

/** Both accounts must allow by themselves; nothing in the resource's account spares the caller's own policies. */
function crossAccountVerdict(request: AuthorizationRequest, layers: Layers): Verdict {
  const own = ownPoliciesVerdict(request.principal, layers)
  if (own.kind !== 'allow') return own
  return allows(layers.resource) ? allow(resourceType(layers), layers) : implicitDeny(resourceType(layers), layers)
}

function sameAccountVerdict(request: AuthorizationRequest, layers: Layers, sessionPolicyLimitsSessionGrants: boolean): Verdict {
  const { principal } = request
  const mustBeTrusted = !canBeAllowedByIdentity(principal) || resourceDecides(request, layers)
  if (mustBeTrusted && !allows(layers.resource)) return implicitDeny(resourceType(layers), layers)
  if (!canBeAllowedByIdentity(principal)) return allow(resourceType(layers), layers)
  const grant = grantOf(
    layers.resource.allows.map(({ application }) => application),
    sessionPolicyLimitsSessionGrants,
  )
  const spared: Layers = {
    ...layers,
    boundary: grant.sparesBoundary ? undefined : layers.boundary,
    session: grant.sparesSession ? undefined : layers.session,
  }
  if (!grant.sparesIdentity) return ownPoliciesVerdict(principal, spared)
  const limit = [spared.boundary, spared.session].find((one) => one !== undefined && !allows(one))
  return limit === undefined ? allow(resourceType(layers), layers) : implicitDeny(limit.type, layers)
}

/** Identity policies within boundary and session policies. */
function ownPoliciesVerdict(principal: PrincipalIdentity, layers: Layers): Verdict {
  const root = actsAsRoot(principal)
  if (!root && !allows(layers.identity)) return implicitDeny('identity', layers)
  const limit = [layers.boundary, layers.session].find((one) => one !== undefined && !allows(one))
  if (limit !== undefined) return implicitDeny(limit.type, layers)
  return allow(root ? 'root' : 'identity', layers)
}

const canBeAllowedByIdentity = (principal: PrincipalIdentity): boolean =>
  hasIdentityPolicies(principal) || principal.kind === 'root'

/** The root user, and a session that root asked for, have every permission of their account. */
const actsAsRoot = (principal: PrincipalIdentity): boolean =>
  principal.kind === 'root' || (principal.kind === 'federated-user' && principal.userArn.endsWith(':root'))

const resourceDecides = (request: AuthorizationRequest, layers: Layers): boolean =>
  request.resourcePolicyRequired === true || resourceType(layers) === 'trust'

const resourceType = (layers: Layers): PolicyType =>
  layers.resource.policies.some(({ policy }) => policy.kind === 'trust') ? 'trust' : 'resource'

const allows = (one: Survey): boolean => one.allows.length > 0

/** An Allow is explained by what let the caller in, and not by the limits that it stayed within. */
const allow = (decidedBy: Verdict['decidedBy'], layers: Layers): Verdict => ({
  kind: 'allow',
  decidedBy,
  matches: [...(decidedBy === 'identity' ? layers.identity.allows : []), ...layers.resource.allows],
})

const implicitDeny = (decidedBy: PolicyType, layers: Layers): Verdict => ({
  kind: 'implicit-deny',
  decidedBy,
  matches: [...layers.resource.allows, ...layers.identity.allows],
})
