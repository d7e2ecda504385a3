import type { ByteStream, RequestHead } from '@sluice/wire'
import type { RequestSource } from '#kernel/call.ts'

/** A request as it came from the network, not yet trusted in anything. */
export interface GatewayRequest {
  readonly head: RequestHead
  /** The whole body; empty where it comes as a stream. */
  readonly body: Uint8Array
  /** The body of an operation that takes it as it comes. */
  readonly stream?: ByteStream
  readonly source: RequestSource
  readonly signal: AbortSignal
}
