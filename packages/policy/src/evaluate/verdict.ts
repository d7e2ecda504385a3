import type { Decision, PolicyType } from '../decision.ts'
import type { AuthorizationRequest } from '../request.ts'
import { grantOf } from './grant.ts'
import { type AccountPrincipal, type Layers, belongsToAccount, surveysOf } from './layers.ts'
import type { Match, Survey } from './survey.ts'

/** The outcome before it is explained. */
export interface Verdict {
  readonly kind: Decision['kind']
  readonly decidedBy: PolicyType | 'root'
  readonly matches: readonly Match[]
}

/** AWS's evaluation order: first every Deny, then the limits of organisation and network, then who lets the caller in. */
export function verdictOf(
  request: AuthorizationRequest,
  layers: Layers,
  sessionPolicyLimitsSessionGrants: boolean,
): Verdict {
  for (const { denies } of surveysOf(layers)) {
    const first = denies[0]
    if (first !== undefined) return { kind: 'explicit-deny', decidedBy: first.type, matches: denies }
  }
  const limit = limitOf([...layers.rcp, ...layers.scp, layers.endpoint])
  if (limit !== undefined) return implicitDeny(limit, layers)
  const { principal } = request
  if (!belongsToAccount(principal)) return resourceVerdict(layers)
  if (isCrossAccount(request)) return crossAccountVerdict(principal, layers)
  return sameAccountVerdict(
    principal,
    request.resourcePolicyRequired === true,
    layers,
    sessionPolicyLimitsSessionGrants,
  )
}

/** Whether caller and resource belong to different accounts. */
export const isCrossAccount = ({ principal, resourceAccount }: AuthorizationRequest): boolean =>
  belongsToAccount(principal) && principal.account !== resourceAccount

/** Both accounts must allow by themselves; nothing in the resource's account spares the caller's own policies. */
function crossAccountVerdict(principal: AccountPrincipal, layers: Layers): Verdict {
  const own = ownVerdict(principal, layers, layers)
  return own.kind === 'allow' ? resourceVerdict(layers) : own
}

function sameAccountVerdict(
  principal: AccountPrincipal,
  resourcePolicyRequired: boolean,
  layers: Layers,
  sessionPolicyLimitsSessionGrants: boolean,
): Verdict {
  const required = resourcePolicyRequired || resourceType(layers) === 'trust'
  if (required && !allows(layers.resource)) return implicitDeny(resourceType(layers), layers)
  const grant = grantOf(
    layers.resource.allows.map(({ application }) => application),
    sessionPolicyLimitsSessionGrants,
  )
  const limits = {
    boundary: grant.sparesBoundary ? undefined : layers.boundary,
    session: grant.sparesSession ? undefined : layers.session,
  }
  if (!grant.sparesIdentity) return ownVerdict(principal, layers, limits)
  const limit = limitOf([limits.boundary, limits.session])
  return limit === undefined ? resourceVerdict(layers) : implicitDeny(limit, layers)
}

/** Identity policies within boundary and session policies. */
function ownVerdict(
  principal: AccountPrincipal,
  layers: Layers,
  limits: Pick<Layers, 'boundary' | 'session'>,
): Verdict {
  const root = actsAsRoot(principal)
  if (!root && !allows(layers.identity)) return implicitDeny('identity', layers)
  const limit = limitOf([limits.boundary, limits.session])
  if (limit !== undefined) return implicitDeny(limit, layers)
  return { kind: 'allow', decidedBy: root ? 'root' : 'identity', matches: layers.identity.allows }
}

function resourceVerdict(layers: Layers): Verdict {
  const type = resourceType(layers)
  if (!allows(layers.resource)) return implicitDeny(type, layers)
  return { kind: 'allow', decidedBy: type, matches: [...layers.resource.allows, ...layers.identity.allows] }
}

/** The root user, and a session that root asked for, have every permission of their account. */
const actsAsRoot = (principal: AccountPrincipal): boolean =>
  principal.kind === 'root' || (principal.kind === 'federated-user' && principal.userArn.endsWith(':root'))

const resourceType = (layers: Layers): PolicyType =>
  layers.resource.policies.some(({ policy }) => policy.kind === 'trust') ? 'trust' : 'resource'

const allows = (one: Survey): boolean => one.allows.length > 0

/** The first limit that is present and does not allow. */
const limitOf = (surveys: readonly (Survey | undefined)[]): PolicyType | undefined =>
  surveys.find((one) => one !== undefined && !allows(one))?.type

const implicitDeny = (decidedBy: PolicyType, layers: Layers): Verdict => ({
  kind: 'implicit-deny',
  decidedBy,
  matches: [...layers.resource.allows, ...layers.identity.allows],
})
