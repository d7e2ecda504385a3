import { type AuthorizationRequest, type Context, type Decision, type Policies, decide } from '@sluice/policy'
import type { FaultTarget } from '@sluice/wire'
import type { CallContext } from '#kernel/call.ts'
import type { AccessDenied } from '#kernel/errors.ts'
import { PASS_ROLE } from '#kernel/pass-role.ts'
import { principalIdentity } from '#kernel/principal-identity.ts'
import type { AccessCheck, AccessScope, IdentityPort, OperationAccess, Service } from '#kernel/service.ts'
import { conditionContext } from '#gateway/condition-context.ts'
import { type Wording, denialOf } from '#gateway/denial.ts'
import { speaksOfResourceTags } from '#gateway/resource-tags.ts'

/** Who is judged, and when: all of a call that its judgement needs. */
export type Judged = Omit<CallContext, 'gate'>

/** What the gate consults beside the request. */
export interface Gate {
  readonly identity: IdentityPort
  readonly service: Pick<Service<never>, 'resourcePolicies' | 'resourceTags' | 'denials'>
  readonly wording: Wording
  /** What becomes of a denial: it is thrown, or, where the platform only audits, noted. */
  readonly settle: (denial: AccessDenied) => void
}

/**
 * Decides every check of the input; the first denial ends it. A check that cannot be worked out is a denial too,
 * because whatever is thrown here ends the call.
 * @throws AccessDenied with AWS's words and the decision
 */
export async function authorize(
  input: object,
  ctx: Judged,
  access: OperationAccess<object>,
  gate: Gate,
  target: FaultTarget,
): Promise<void> {
  if (access.checks === 'none') return
  const checks = await access.checks(input, scopeOf(ctx))
  if (checks.length === 0)
    throw new Error('an operation that needs no permission says so; an empty list of checks allows nothing')
  await authorizeChecks(checks, ctx, gate, target)
}

/** The same for checks that are known already. @throws AccessDenied */
export async function authorizeChecks(
  checks: readonly AccessCheck[],
  ctx: Judged,
  gate: Gate,
  target: FaultTarget,
): Promise<void> {
  const scope = scopeOf(ctx)
  const { tags, ...own } = await gate.identity.profile(ctx.principal)
  const context = conditionContext(ctx, tags)
  for (const check of checks) {
    const resource = (await gate.service.resourcePolicies?.(check, scope)) ?? []
    const policies: Policies = { resource, ...own }
    const resourceTags = await lazyTags(check, scope, policies, gate)
    const request = requestOf(check, ctx, { ...context, ...resourceTags })
    const decision: Decision = decide(request, policies)
    if (decision.allowed) continue
    const denied = { check, principal: ctx.principal, decision, evidence: { request, policies } }
    gate.settle(denialOf(denied, gate.service.denials ?? {}, gate.wording, target))
  }
}

/** Tags of the resource, when a policy speaks of them and the check does not give them. */
async function lazyTags(
  check: AccessCheck,
  scope: AccessScope,
  policies: Policies,
  { identity, service }: Gate,
): Promise<Context> {
  const isPass = check.action === PASS_ROLE
  if ((!isPass && service.resourceTags === undefined) || !speaksOfResourceTags(policies)) return {}
  // A role is a resource of IAM, whatever service asks for it.
  const tags = isPass ? (await identity.role(check.resource))?.tags : await service.resourceTags?.(check, scope)
  return Object.fromEntries(
    (tags ?? []).flatMap(({ Key, Value }) => [
      [`aws:ResourceTag/${Key}`, Value],
      ...(isPass ? [[`iam:ResourceTag/${Key}`, Value]] : []),
    ]),
  )
}

const scopeOf = ({ account, region, principal, calledVia, source }: Judged): AccessScope => ({
  account,
  region,
  principal,
  calledVia,
  source,
})

function requestOf(check: AccessCheck, ctx: Judged, context: AuthorizationRequest['context']): AuthorizationRequest {
  const resourceAccount = check.resourceAccount ?? ctx.account
  return {
    principal: principalIdentity(ctx.principal),
    action: check.action,
    resource: check.resource,
    resourceAccount,
    context: { ...context, 'aws:ResourceAccount': resourceAccount, ...check.context },
    resourcePolicyRequired: check.resourcePolicyRequired === true,
  }
}
