import { decide } from '@sluice/policy'
import type { Call, CallAs, CallOptions, RequestSource } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import { AccessDenied } from '#kernel/errors.ts'
import { newUuid } from '#kernel/ids.ts'
import type { Principal, ServicePrincipal } from '#kernel/principal.ts'
import { principalIdentity } from '#kernel/principal-identity.ts'
import type { IdentityPort } from '#kernel/service.ts'
import type { Judged } from '#gateway/authorize.ts'
import { conditionContext } from '#gateway/condition-context.ts'

interface InProcessDeps {
  readonly call: Call
  readonly identity: IdentityPort
  readonly clock: Clock
}

/** For calls that nobody gave a signal. */
const NEVER_ABORTED = new AbortController().signal

/** A role that a service may not assume. */
export interface RefusedRole {
  /** The service's own call of AssumeRole. */
  readonly ctx: Judged
  readonly roleArn: string
  readonly sessionName: string
  readonly exists: boolean
  readonly denial: AccessDenied
}

interface Entry {
  readonly ctx: Judged
  /** `ctx` may be used only once this was settled. */
  readonly refused?: RefusedRole
}

/** The context of a call that a service makes; the gate judges it like any other. */
export async function callContext(as: CallAs, options: CallOptions, deps: InProcessDeps): Promise<Entry> {
  const common = {
    requestId: newUuid(),
    now: deps.clock.now(),
    call: deps.call,
    signal: options.signal ?? (as.kind === 'caller' ? as.ctx.signal : NEVER_ABORTED),
    ...(options.checkpoint === undefined ? {} : { checkpoint: options.checkpoint }),
  }
  switch (as.kind) {
    case 'caller':
      return {
        ctx: {
          ...as.ctx,
          ...common,
          calledVia: [...as.ctx.calledVia, as.via],
          source: serviceSource(as.via, as.ctx.source),
        },
      }
    case 'service': {
      const principal: Principal = {
        kind: 'service',
        account: as.sourceAccount,
        service: as.service,
        sourceArn: as.sourceArn,
        sourceAccount: as.sourceAccount,
      }
      return {
        ctx: {
          ...common,
          account: as.sourceAccount,
          region: as.region,
          principal,
          calledVia: [],
          source: serviceSource(as.service),
        },
      }
    }
    case 'role':
      return assumedRole(as, common, deps.identity)
    default:
      return as satisfies never
  }
}

async function assumedRole(
  as: Extract<CallAs, { kind: 'role' }>,
  common: Pick<Judged, 'requestId' | 'now' | 'call' | 'signal' | 'checkpoint'>,
  identity: IdentityPort,
): Promise<Entry> {
  const service: Principal = {
    kind: 'service',
    account: as.sourceAccount,
    service: as.service,
    sourceArn: as.sourceArn,
    sourceAccount: as.sourceAccount,
  }
  const role = await identity.role(as.roleArn)
  const ctx: Judged = {
    ...common,
    account: role?.account ?? as.sourceAccount,
    region: as.region,
    principal: service,
    calledVia: [],
    source: serviceSource(as.service),
  }
  const request = {
    principal: principalIdentity(service),
    action: 'sts:AssumeRole',
    resource: as.roleArn,
    resourceAccount: ctx.account,
    context: conditionContext(ctx),
    resourcePolicyRequired: true,
  }
  const policies = { identity: [], resource: role === undefined ? [] : [role.trust] }
  const decision = decide(request, policies)
  // A missing role and one that does not trust the service read the same, so nobody can probe for names.
  const text = `User: ${as.service} is not authorized to perform: sts:AssumeRole on resource: ${as.roleArn}`
  const denial = new AccessDenied('AccessDenied', 403, text, decision, { request, policies })
  const { roleArn, sessionName } = as
  if (role === undefined) return { ctx, refused: { ctx, roleArn, sessionName, exists: false, denial } }
  const sessionArn = `arn:aws:sts::${role.account}:assumed-role/${role.roleName}/${as.sessionName}`
  const principal: Principal = {
    kind: 'role',
    account: role.account,
    roleArn: as.roleArn,
    arn: sessionArn,
    roleName: role.roleName,
    roleId: role.roleId,
    sessionName: as.sessionName,
    issuedAt: common.now,
  }
  const entered = { ...ctx, principal, requestId: newUuid() }
  if (decision.allowed) return { ctx: entered }
  return { ctx: entered, refused: { ctx, roleArn, sessionName, exists: true, denial } }
}

const serviceSource = (service: ServicePrincipal, through?: RequestSource): RequestSource => ({
  ip: service,
  userAgent: service,
  ...(through?.tls === undefined ? {} : { tls: through.tls }),
})
