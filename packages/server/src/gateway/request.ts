import type { RequestHead } from '@sluice/wire'
import type { RequestSource } from '#kernel/call.ts'

/** A request as it came from the network, not yet trusted in anything. */
export interface GatewayRequest {
  readonly head: RequestHead
  readonly body: Uint8Array
  readonly source: RequestSource
  readonly signal: AbortSignal
}
