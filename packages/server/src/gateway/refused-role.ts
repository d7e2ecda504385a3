import { serviceModel } from '@sluice/wire'
import type { AccessDenied } from '#kernel/errors.ts'
import type { GatewayDeps } from '#gateway/chain.ts'
import { type CallGatekeeper, openGatekeeper } from '#gateway/gatekeeper.ts'
import type { RefusedRole } from '#gateway/in-process.ts'
import { record } from '#gateway/record.ts'

/**
 * A service asked for a role that does not let it in: on record as the AssumeRole that it is.
 * @throws AccessDenied unless the platform only audits; always for a role that does not exist
 */
export async function refuseRole(refused: RefusedRole, deps: GatewayDeps): Promise<void> {
  const { ctx, roleArn, sessionName } = refused
  const operation = { service: 'sts', operation: 'AssumeRole', protocol: serviceModel('sts').protocols[0] } as const
  const { services } = deps.registry
  const gate = openGatekeeper(ctx, services.sts, operation, deps)
  const ended = refused.exists ? settled(gate, refused.denial) : refused.denial
  deps.denials.note(ctx, operation, [refused.denial], ended === undefined ? 'let through' : 'denied')
  const call = {
    operation,
    ctx,
    built: deps.registry.find(operation.service, operation.operation),
    input: { RoleArn: roleArn, RoleSessionName: sessionName },
    output: undefined,
    fault: ended,
    wouldBeDenied: gate.wouldBeDenied,
  }
  await record(call, services, deps.audit, deps.telemetry)
  if (ended !== undefined) throw ended
}

/** The denial when it ends the call. */
function settled(gate: CallGatekeeper, denial: AccessDenied): AccessDenied | undefined {
  try {
    gate.settle(denial)
    return undefined
  } catch {
    return denial
  }
}
