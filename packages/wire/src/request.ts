import type { Apis, Protocol } from './types/catalog.ts'

export type { Protocol } from './types/catalog.ts'
export type ServiceId = keyof Apis

/** A request before its body: what decides which operation it is and how it is signed. */
export interface RequestHead {
  /** As sent, upper case. */
  readonly method: string
  /** Path and query exactly as they came over the network: nothing decoded, nothing normalised. */
  readonly rawUrl: string
  /** Lower-case names; repeated headers joined with `,`. */
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** Content of any length, piece by piece. */
export interface ByteStream extends AsyncIterable<Uint8Array> {
  /**
   * Whoever needs a piece no more, and has given it to nobody else, may say so: its memory is free at once then, and
   * the piece is empty. Whoever keeps pieces says nothing.
   */
  readonly spent?: (piece: Uint8Array) => void
  /** All of it, where it is at hand: whoever takes this need not read. */
  readonly whole?: Uint8Array
}

/** What decides how an error is written and worded. */
export interface FaultTarget {
  readonly protocol: Protocol
  /** Left out when the request names no service that is known. */
  readonly service?: ServiceId
  /** The client also wants errors by their codes of the Query protocol (`x-amzn-query-mode`). */
  readonly queryMode?: boolean
}

/** The operation a request asks for. */
export interface Identified extends FaultTarget {
  readonly service: ServiceId
  readonly operation: string
  /** Path labels as sent, still percent-encoded, by their names in the path; only REST has some. */
  readonly labels?: Readonly<Record<string, string>>
}

/** A finished answer; `Date` is left to the server, and so is `Content-Length` where the body is no stream. */
export interface Reply {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string | ByteStream
}
