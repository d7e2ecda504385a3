import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { RequestSource } from '#kernel/call.ts'

/** What is known of a connection, and which of its requests are under way. */
export interface Peer {
  /** Without the prefix of IPv4 in IPv6, and without a zone. */
  readonly ip: string
  readonly tls: RequestSource['tls']
  /** Requests begun and not yet answered. */
  pending: number
  /** Of these: whose body is complete, so that an answer will come. */
  answering: number
  /** Something unreadable came after them; nothing more is read. */
  broken: boolean
}

const peers = new WeakMap<Socket, Peer>()

/** The peer behind a socket; asked of the operating system and of TLS once a connection. */
export function peerOf(socket: Socket): Peer {
  const known = peers.get(socket)
  if (known !== undefined) return known
  const peer = {
    ip: (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, ''),
    tls: tlsOf(socket),
    pending: 0,
    answering: 0,
    broken: false,
  }
  peers.set(socket, peer)
  return peer
}

function tlsOf(socket: Socket): RequestSource['tls'] {
  if (!(socket instanceof TLSSocket)) return undefined
  return { version: socket.getProtocol() ?? 'unknown', cipherSuite: socket.getCipher().standardName }
}
