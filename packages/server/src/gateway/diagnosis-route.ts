import type { CallContext } from '#kernel/call.ts'
import type { AccountId, Region } from '#kernel/ids.ts'
import { type AdminRoute, json } from '#gateway/admin.ts'
import { type AdminCallerDeps, SIGNED_AS, adminCaller } from '#gateway/admin-caller.ts'
import { type GatekeeperDeps, openGatekeeper } from '#gateway/gatekeeper.ts'
import { notBuilt } from '#gateway/invoke.ts'
import type { Registry } from '#gateway/registry.ts'

export interface DiagnosisDeps extends GatekeeperDeps, AdminCallerDeps {
  readonly registry: Registry
  /** @throws AwsError 404 when there is no such broker */
  readonly diagnose: (brokerIdOrName: string, scope: DiagnosisScope) => Promise<{ readonly brokerId: string }>
}

/** Whose broker is asked about, and the request of who asks: what is looked up on the way is looked up as that caller. */
interface DiagnosisScope {
  readonly account: AccountId
  readonly region: Region
  readonly caller: CallContext
}

/**
 * `GET /_sluice/why/<broker id or name>`: why do the logs not appear? Signed as a call to mq; whoever may describe the
 * broker may ask.
 */
export const diagnosisRoute = (deps: DiagnosisDeps): AdminRoute => ({
  method: 'GET',
  path: '/_sluice/why/',
  answer: async (request, broker) => {
    const built = deps.registry.find(SIGNED_AS.service, SIGNED_AS.operation)
    if (built === undefined) throw notBuilt(SIGNED_AS.service, SIGNED_AS.operation)
    const judged = await adminCaller(request, deps)
    const gate = openGatekeeper(judged, deps.registry.services.mq, SIGNED_AS, deps)
    const ctx: CallContext = { ...judged, gate }
    // A caller who may not see brokers must not learn by a 404 which names exist.
    const diagnosis = await deps
      .diagnose(broker, { account: ctx.account, region: ctx.region, caller: ctx })
      .catch(async (error: unknown) => {
        await gate.admit({ BrokerId: broker }, built.access)
        throw error
      })
    await gate.admit({ BrokerId: diagnosis.brokerId }, built.access)
    return json(200, diagnosis)
  },
})
