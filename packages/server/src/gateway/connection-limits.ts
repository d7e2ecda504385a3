/** How long clients may take and how many there may be; Node cuts what is slower, the port what is more. */
export interface ConnectionLimits {
  /** From the connection to its first byte. */
  readonly firstByteMillis: number
  /** From the first byte of a TLS connection to the end of the handshake. */
  readonly handshakeMillis: number
  /** To send the head of a request. */
  readonly headersMillis: number
  /** To send a body; one that is taken as it comes may take longer, but must go on. */
  readonly requestMillis: number
  /** How often the heads are looked at. */
  readonly checkMillis: number
  /** How long a connection stays without a request. Longer than SDKs keep theirs, so no client writes into a closing one. */
  readonly keepAliveMillis: number
  /** How long an answer may wait for a client that reads nothing. */
  readonly unreadMillis: number
  /** Connections at once; further ones are closed as they come. */
  readonly connections: number
  /** Connections that have said nothing yet; the oldest makes room for the newest. */
  readonly silent: number
  /** Requests of one connection that are under way at once. */
  readonly pipelined: number
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  firstByteMillis: 15_000,
  handshakeMillis: 10_000,
  headersMillis: 15_000,
  requestMillis: 120_000,
  checkMillis: 5_000,
  keepAliveMillis: 75_000,
  unreadMillis: 120_000,
  connections: 8_192,
  silent: 1_024,
  pipelined: 64,
}

/** Longest head of a request, in bytes, and the most headers in it. */
export const MAX_HEADER_BYTES = 32 * 1024
export const MAX_HEADERS = 256
