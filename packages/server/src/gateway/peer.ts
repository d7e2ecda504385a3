import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { RequestSource } from '#kernel/call.ts'

/** What is known of a connection, and which of its requests are under way. */
export interface Peer {
  /** Without the prefix of IPv4 in IPv6, and without a zone. */
  readonly ip: string
  readonly tls: RequestSource['tls']
  /** Requests whose answers have not left yet. */
  pending: number
  /** The last of these. */
  latest: IncomingMessage | undefined
  /** The connection ends with the answers that are still to be given; whatever else comes on it is no request. */
  broken: boolean
}

/** How many answers are still to be given: to all that are pending, but for a last request that never came to its end. */
export const owed = ({ pending, latest }: Peer): number => (latest?.complete === false ? pending - 1 : pending)

const peers = new WeakMap<Socket, Peer>()

/** The peer behind a socket; asked of the operating system and of TLS once a connection. */
export function peerOf(socket: Socket): Peer {
  const known = peers.get(socket)
  if (known !== undefined) return known
  const peer: Peer = {
    ip: (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, ''),
    tls: tlsOf(socket),
    pending: 0,
    latest: undefined,
    broken: false,
  }
  peers.set(socket, peer)
  return peer
}

function tlsOf(socket: Socket): RequestSource['tls'] {
  if (!(socket instanceof TLSSocket)) return undefined
  return { version: socket.getProtocol() ?? 'unknown', cipherSuite: socket.getCipher().standardName }
}
