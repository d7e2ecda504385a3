import { decide } from '@sluice/policy'
import type { FaultTarget } from '@sluice/wire'
import type { IamMode } from '#kernel/config.ts'
import type { AccessDenied } from '#kernel/errors.ts'
import type { Gatekeeper, PassedRole, RolePass } from '#kernel/gatekeeper.ts'
import { passRoleCheck } from '#kernel/pass-role.ts'
import type { FederatedCaller } from '#kernel/principal.ts'
import type { IdentityPort, OperationAccess } from '#kernel/service.ts'
import { type Gate, type Judged, authorize, authorizeChecks } from '#gateway/authorize.ts'
import type { Wording } from '#gateway/denial.ts'

/** What every call's gatekeeper is made with. */
export interface GatekeeperDeps {
  readonly identity: IdentityPort
  readonly wording: Wording
  readonly mode: IamMode
}

/** The gatekeeper of one call, with what the gateway itself needs of it. */
export interface CallGatekeeper extends Gatekeeper {
  /** Step 4: every check of the operation. @throws AccessDenied */
  admit(input: object, access: OperationAccess<object>): Promise<void>
  /** What would have been denied, where the platform only audits. */
  readonly wouldBeDenied: readonly AccessDenied[]
  /** Who asks, as far as the operation found it out. */
  caller(): FederatedCaller | undefined
}

/** Most would-be denials of one call that are kept. */
const MAX_NOTED = 20

/** Judges what one call may do, in the words of its service. */
export function openGatekeeper(
  ctx: Judged,
  service: Gate['service'],
  target: FaultTarget,
  { identity, wording, mode }: GatekeeperDeps,
): CallGatekeeper {
  const noted: AccessDenied[] = []
  let identified: FederatedCaller | undefined
  const settle = (denial: AccessDenied): void => {
    // What could not be evaluated is nobody's policy: it stays a denial.
    if (mode !== 'audit' || denial.decision.decidedBy === 'error') throw denial
    if (noted.length < MAX_NOTED) noted.push(denial)
  }
  const gate: Gate = { identity, service, wording, settle }
  return {
    wouldBeDenied: noted,
    settle,
    identify: (caller) => {
      identified = caller
    },
    caller: () => identified,
    admit: (input, access) => authorize(input, ctx, access, gate, target),
    require: (check) => authorizeChecks([check], ctx, gate, target),
    passRole: (pass) => passRole(pass, ctx, gate, target),
  }
}

/** Whoever passes a role needs `iam:PassRole` on it; IAM's resources have no policies that could help. */
async function passRole(pass: RolePass, ctx: Judged, gate: Gate, target: FaultTarget): Promise<PassedRole> {
  await authorizeChecks([passRoleCheck(pass)], ctx, gate, target)
  const role = await gate.identity.role(pass.roleArn)
  return { trusted: role !== undefined && trusts(role.trust, pass, ctx) }
}

type Trust = NonNullable<Awaited<ReturnType<IdentityPort['role']>>>['trust']

function trusts(trust: Trust, { roleArn, service, resourceArn }: RolePass, ctx: Judged): boolean {
  const request = {
    principal: { kind: 'service', service, account: ctx.account },
    action: 'sts:AssumeRole',
    resource: roleArn,
    resourceAccount: ctx.account,
    resourcePolicyRequired: true,
    context: {
      'aws:CurrentTime': new Date(ctx.now).toISOString(),
      'aws:EpochTime': String(Math.floor(ctx.now / 1_000)),
      'aws:RequestedRegion': ctx.region,
      'aws:PrincipalServiceName': service,
      'aws:PrincipalIsAWSService': 'true',
      'aws:ViaAWSService': 'false',
      'aws:SourceAccount': ctx.account,
      ...(resourceArn === undefined ? {} : { 'aws:SourceArn': resourceArn }),
    },
  } as const
  return decide(request, { identity: [], resource: [trust] }).allowed
}
