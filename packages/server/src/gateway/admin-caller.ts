import type { Call } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import { newUuid } from '#kernel/ids.ts'
import type { IdentityPort } from '#kernel/service.ts'
import type { Judged } from '#gateway/authorize.ts'
import type { GatewayRequest } from '#gateway/request.ts'
import { verify } from '#gateway/verify.ts'

/** What the platform's own paths are signed as: the service whose clients they serve. */
export const SIGNED_AS = { service: 'mq', operation: 'DescribeBroker', protocol: 'rest-json-1' } as const

export interface AdminCallerDeps {
  readonly identity: IdentityPort
  readonly clock: Clock
  readonly call: Call
}

/**
 * Who asks at one of the platform's own paths, ready to be judged.
 * @throws WireError or AwsError when the request is not signed, or signed wrongly
 */
export async function adminCaller(request: GatewayRequest, deps: AdminCallerDeps): Promise<Judged> {
  const { clock, call } = deps
  return {
    ...(await verify(SIGNED_AS, request, deps.identity, { clock })),
    requestId: newUuid(),
    calledVia: [],
    source: request.source,
    now: clock.now(),
    call,
    signal: request.signal,
  }
}
