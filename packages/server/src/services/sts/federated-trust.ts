import { type Context, decide } from '@sluice/policy'
import type { CallContext } from '#kernel/call.ts'
import { AccessDenied } from '#kernel/errors.ts'
import type { AssumableRole } from '#services/iam/port.ts'

/** Who asks for a role without a signature, and what the identity provider says about them. */
export interface FederatedAsk {
  readonly operation: 'AssumeRoleWithWebIdentity' | 'AssumeRoleWithSAML'
  readonly roleArn: string
  /** ARN of the provider. */
  readonly provider: string
  /** How explanations name whoever asks. */
  readonly caller: string
  /** Actions that the trust policy must allow, all of them. */
  readonly permissions: readonly string[]
  /** Condition keys beside those of every request. */
  readonly context: Context
}

/** @throws AccessDenied unless the role trusts whoever asks; the same for a role that does not exist */
export function requireTrust(
  role: AssumableRole | undefined,
  ctx: CallContext,
  ask: FederatedAsk,
): asserts role is AssumableRole {
  const policies = { identity: [], resource: role === undefined ? [] : [role.trust] }
  for (const action of ask.permissions) {
    const request = {
      principal: { kind: 'federated', provider: ask.provider, arn: ask.caller },
      action,
      resource: ask.roleArn,
      resourceAccount: ctx.account,
      resourcePolicyRequired: true,
      context: { ...requestKeys(ctx), 'aws:FederatedProvider': ask.provider, ...ask.context },
    } as const
    const decision = decide(request, policies)
    if (role !== undefined && decision.allowed) continue
    const text = `Not authorized to perform ${action}`
    const denial = new AccessDenied('AccessDenied', 403, text, decision, { request, policies })
    // Where the platform only audits, a role that does not exist can still not be assumed.
    if (role === undefined) throw denial
    ctx.gate.settle(denial)
  }
}

const requestKeys = ({ now, source, region }: CallContext): Context => ({
  'aws:CurrentTime': new Date(now).toISOString(),
  'aws:EpochTime': String(Math.floor(now / 1_000)),
  'aws:SourceIp': source.ip,
  'aws:SecureTransport': String(source.tls !== undefined),
  'aws:UserAgent': source.userAgent,
  'aws:RequestedRegion': region,
  'aws:ViaAWSService': 'false',
})
