import type { Call } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import { AwsError } from '#kernel/errors.ts'
import { newUuid } from '#kernel/ids.ts'
import { type AdminRoute, json } from '#gateway/admin.ts'
import type { Judged } from '#gateway/authorize.ts'
import type { DenialLog } from '#gateway/denials/denial-log.ts'
import { denialView } from '#gateway/denials/denial-view.ts'
import { type GatekeeperDeps, openGatekeeper } from '#gateway/gatekeeper.ts'
import type { Registry } from '#gateway/registry.ts'
import { verify } from '#gateway/verify.ts'

export interface WhyDeniedDeps extends Omit<GatekeeperDeps, 'mode'> {
  readonly registry: Registry
  readonly clock: Clock
  readonly call: Call
  readonly denials: DenialLog
}

/**
 * `GET /_sluice/why-denied/<request id>`: why was that call denied? Signed as a call to mq. AWS has a permission for
 * knowing why others were denied, `sts:DecodeAuthorizationMessage`; whoever has it may ask about calls of its account
 * and about its account's resources, and sees the policies of its own account only. That is
 * enforced even where the platform only audits.
 */
export const whyDeniedRoute = (deps: WhyDeniedDeps): AdminRoute => ({
  method: 'GET',
  path: '/_sluice/why-denied/',
  answer: async (request, requestId) => {
    const operation = { service: 'mq', operation: 'DescribeBroker', protocol: 'rest-json-1' } as const
    const caller = await verify(operation, request, deps.identity, { clock: deps.clock })
    const ctx: Judged = {
      ...caller,
      requestId: newUuid(),
      calledVia: [],
      source: request.source,
      now: deps.clock.now(),
      call: deps.call,
      signal: request.signal,
    }
    const gate = openGatekeeper(ctx, deps.registry.services.sts, operation, { ...deps, mode: 'enforce' })
    await gate.require({ action: 'sts:DecodeAuthorizationMessage', resource: '*' })
    const denials = deps.denials
      .find(requestId)
      .map((kept) => denialView(kept, caller.account))
      .filter((view) => view !== undefined)
    if (denials.length === 0) throw unknownRequest()
    return json(200, { requestId, denials })
  },
})

const unknownRequest = (): AwsError =>
  new AwsError(
    'NotFoundException',
    404,
    'No denial with this request id is kept for this account. The last thousand denied calls are kept; the id is in the answer (x-amzn-requestid) and in the CloudTrail record.',
  )
