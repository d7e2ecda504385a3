import { type AuthorizationRequest, type Decision, type Policies, decide, denialMessage } from '@sluice/policy'
import { type FaultTarget, accessDeniedFault } from '@sluice/wire'
import type { CallContext } from '#kernel/call.ts'
import { AccessDenied } from '#kernel/errors.ts'
import { type Principal, principalName } from '#kernel/principal.ts'
import { principalIdentity } from '#kernel/principal-identity.ts'
import type { AccessCheck, AccessScope, IdentityPort, OperationAccess, Service } from '#kernel/service.ts'
import { conditionContext } from '#gateway/condition-context.ts'

/** What the gate consults beside the request. */
export interface Gate {
  readonly identity: IdentityPort
  readonly resourcePolicies: Service<never>['resourcePolicies']
}

/**
 * Decides every check of the input; the first denial ends it. A check that cannot be worked out is a denial too,
 * because whatever is thrown here ends the call.
 * @throws AccessDenied with AWS's words and the decision
 */
export async function authorize(
  input: object,
  ctx: CallContext,
  access: OperationAccess<object>,
  gate: Gate,
  target: FaultTarget,
): Promise<void> {
  if (access.checks === 'none') return
  const scope: AccessScope = {
    account: ctx.account,
    region: ctx.region,
    principal: ctx.principal,
    calledVia: ctx.calledVia,
  }
  const checks = await access.checks(input, scope)
  if (checks.length === 0)
    throw new Error('an operation that needs no permission says so; an empty list of checks allows nothing')
  const identity = await gate.identity.identityPolicies(ctx.principal)
  const { tags, ...limits } = await gate.identity.profile(ctx.principal)
  const context = conditionContext(ctx, tags)
  for (const check of checks) {
    const resource = (await gate.resourcePolicies?.(check, scope)) ?? []
    const decision = decideCheck(check, ctx, context, { identity, resource, ...limits })
    if (!decision.allowed) throw denied(check, ctx.principal, decision, target)
  }
}

function decideCheck(
  check: AccessCheck,
  ctx: CallContext,
  context: AuthorizationRequest['context'],
  policies: Policies,
): Decision {
  const resourceAccount = check.resourceAccount ?? ctx.account
  const request: AuthorizationRequest = {
    principal: principalIdentity(ctx.principal),
    action: check.action,
    resource: check.resource,
    resourceAccount,
    context: { ...context, 'aws:ResourceAccount': resourceAccount, ...check.context },
    resourcePolicyRequired: check.resourcePolicyRequired === true,
  }
  return decide(request, policies)
}

function denied(check: AccessCheck, principal: Principal, decision: Decision, target: FaultTarget): AccessDenied {
  const asked = {
    principalArn: principalName(principal),
    action: check.action,
    resource: check.shownAs ?? check.resource,
  }
  const message =
    check.denialText ??
    (check.brief === true
      ? `User: ${asked.principalArn} is not authorized to perform: ${asked.action} on resource: ${asked.resource}`
      : denialMessage(asked, decision))
  const fault = accessDeniedFault(target, message)
  return new AccessDenied(fault.code, fault.status, fault.message, decision)
}
