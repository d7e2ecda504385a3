import { AwsError } from '#kernel/errors.ts'
import { type AdminRoute, json } from '#gateway/admin.ts'
import { type AdminCallerDeps, SIGNED_AS, adminCaller } from '#gateway/admin-caller.ts'
import type { DenialLog } from '#gateway/denials/denial-log.ts'
import { denialView } from '#gateway/denials/denial-view.ts'
import { type GatekeeperDeps, openGatekeeper } from '#gateway/gatekeeper.ts'
import type { Registry } from '#gateway/registry.ts'

export interface WhyDeniedDeps extends Omit<GatekeeperDeps, 'mode'>, AdminCallerDeps {
  readonly registry: Registry
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
    const caller = await adminCaller(request, deps)
    const gate = openGatekeeper(caller, deps.registry.services.sts, SIGNED_AS, { ...deps, mode: 'enforce' })
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
