import type { PolicyType } from '../decision.ts'
import type {
  AnonymousIdentity,
  FederatedIdentity,
  NamedPolicy,
  Policies,
  PrincipalIdentity,
  ServiceIdentity,
} from '../request.ts'
import type { Facts } from './facts.ts'
import { type Survey, type Thoroughness, survey } from './survey.ts'

/** Everything that was said about a request, by type; absent where there is nothing of the type that counts. */
export interface Layers {
  /** A survey a level; every level must allow. */
  readonly rcp: readonly Survey[]
  readonly scp: readonly Survey[]
  readonly endpoint: Survey | undefined
  readonly resource: Survey
  readonly identity: Survey
  readonly boundary: Survey | undefined
  readonly session: Survey | undefined
}

/** @throws EvaluationError when the request cannot be evaluated */
export function surveyLayers(policies: Policies, facts: Facts, how: Thoroughness): Layers {
  const { principal } = facts.request
  const one = (type: PolicyType, list: readonly NamedPolicy[]): Survey => survey(type, list, facts, how)
  const maybe = (type: PolicyType, list: readonly NamedPolicy[] | undefined): Survey | undefined =>
    list === undefined ? undefined : one(type, list)
  const levels = (type: PolicyType, lists: Policies['scp']): readonly Survey[] =>
    (lists ?? []).map((list) => one(type, list))
  return {
    rcp: isUnderResourceControl(facts, policies) ? levels('rcp', policies.rcp) : [],
    scp: isUnderServiceControl(principal) ? levels('scp', policies.scp) : [],
    endpoint: maybe('endpoint', policies.endpoint),
    resource: survey('resource', policies.resource, facts, 'every'),
    identity: one('identity', policies.identity),
    boundary: principal.kind === 'root' ? undefined : maybe('boundary', policies.boundary),
    session: maybe('session', sessionPolicies(principal, policies)),
  }
}

/** In the order in which denials are named. */
export const surveysOf = (layers: Layers): readonly Survey[] =>
  [
    ...layers.rcp,
    ...layers.scp,
    layers.endpoint,
    layers.resource,
    layers.identity,
    layers.boundary,
    layers.session,
  ].filter((one) => one !== undefined)

/** A session from GetFederationToken has no permission that no session policy gave it. */
const sessionPolicies = (principal: PrincipalIdentity, policies: Policies): readonly NamedPolicy[] | undefined =>
  principal.kind === 'federated-user' ? (policies.session ?? []) : policies.session

const isServiceLinked = (principal: PrincipalIdentity): boolean =>
  principal.kind === 'role-session' && principal.serviceLinked === true

const isUnderResourceControl = (facts: Facts, { rcpServices }: Policies): boolean =>
  !isServiceLinked(facts.request.principal) && rcpServices?.has(facts.service) !== false

const isUnderServiceControl = (principal: PrincipalIdentity): boolean =>
  belongsToAccount(principal) && !isServiceLinked(principal)

/** Someone with an own account. Services, federated and unsigned callers have none that could allow them anything. */
export type AccountPrincipal = Exclude<PrincipalIdentity, ServiceIdentity | FederatedIdentity | AnonymousIdentity>

export const belongsToAccount = (principal: PrincipalIdentity): principal is AccountPrincipal =>
  principal.kind !== 'service' && principal.kind !== 'federated' && principal.kind !== 'anonymous'
