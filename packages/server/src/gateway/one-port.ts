import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { type Server as TlsServer, createServer as createTlsServer } from 'node:tls'
import type { ConnectionLimits } from '#gateway/connection-limits.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'

/** What a TLS server presents. */
export interface ServerCertificate {
  readonly chainPem: string
  readonly privateKeyPem: string
}

export interface OnePortOptions {
  /** Asked at the first TLS connection, and again at the next one when it failed. */
  readonly certificate: () => Promise<ServerCertificate>
  readonly limits: ConnectionLimits
  readonly telemetry: Telemetry
}

export interface OnePort {
  /** Cuts connections on which no request can be under way: silent ones and those that shake hands. */
  cutUnopened(): void
  /** Cuts every TLS connection. */
  cutSecure(): void
}

/** The first byte of a TLS record that carries a handshake; no HTTP method begins so. */
const TLS_HANDSHAKE = 0x16

/**
 * Makes an HTTP server answer HTTPS on its port as well: a connection is looked at before the server gets it, and one
 * that begins with a TLS handshake is given to the server when the handshake is done. Both kinds are the server's own
 * connections, so its time limits, its counting and its closing hold for both, and both know their true peer.
 */
export function sharePort(server: Server, options: OnePortOptions): OnePort {
  const { limits, telemetry } = options
  const speakHttp = takeConnectionListener(server)
  const silent = new Set<Socket>()
  const secure = new Set<Socket>()
  const handshakes = new Map<string, Socket>()
  let tls: Promise<TlsServer> | undefined

  const tlsServer = (): Promise<TlsServer> => {
    tls ??= openTls(options, (socket) => {
      handshakes.delete(endsOf(socket))
      speakHttp(socket)
    }).catch((error: unknown) => {
      tls = undefined
      throw error
    })
    return tls
  }

  const speakTls = async (socket: Socket): Promise<void> => {
    const peer = endsOf(socket)
    secure.add(socket)
    handshakes.set(peer, socket)
    socket.once('close', () => {
      secure.delete(socket)
      if (handshakes.get(peer) === socket) handshakes.delete(peer)
    })
    try {
      const server = await tlsServer()
      if (!socket.destroyed) server.emit('connection', socket)
    } catch (error) {
      telemetry.log.error({ event: 'https_unavailable', message: messageOf(error) })
      socket.destroy()
    }
  }

  server.on('connection', (socket: Socket) => {
    silent.add(socket)
    if (silent.size > limits.silent) cut(silent.values().next().value)
    onFirstByte(socket, limits.firstByteMillis, (first) => {
      silent.delete(socket)
      if (first === TLS_HANDSHAKE) void speakTls(socket)
      else if (first !== undefined) speakHttp(socket)
    })
  })
  return {
    cutUnopened() {
      for (const socket of [...silent, ...handshakes.values()]) cut(socket)
    },
    cutSecure() {
      for (const socket of secure) cut(socket)
    },
  }
}

/** Takes over who hears of new connections; what is returned is what the HTTP server would have done with one. */
function takeConnectionListener(server: Server): (socket: Socket) => void {
  const listeners = server.listeners('connection')
  server.removeAllListeners('connection')
  return (socket) => {
    for (const listener of listeners) listener.call(server, socket)
  }
}

/** Tells the first byte once and leaves it to be read; `undefined` when the connection ended, failed or stayed silent. */
function onFirstByte(socket: Socket, millis: number, heard: (first: number | undefined) => void): void {
  const end = (first: number | undefined): void => {
    clearTimeout(patience)
    socket.off('readable', look).off('end', cutIt).off('close', cutIt).off('error', cutIt)
    heard(first)
  }
  const cutIt = (): void => {
    end(undefined)
    cut(socket)
  }
  const look = (): void => {
    const bytes = socket.read() as Buffer | null
    if (bytes === null) return
    socket.unshift(bytes)
    end(bytes[0])
  }
  const patience = setTimeout(cutIt, millis)
  socket.on('readable', look).on('end', cutIt).on('close', cutIt).on('error', cutIt)
}

/** An error of a connection that is being cut is nobody's. */
const ignore = (): void => {}
const cut = (socket: Socket | undefined): void => {
  socket?.on('error', ignore).destroy()
}

/** Unlike the socket, which TLS wraps in another one, the two ends of a connection stay what they are. */
const endsOf = ({ remoteAddress = '', remotePort = 0, localAddress = '' }: Socket): string =>
  `${remoteAddress} ${String(remotePort)} ${localAddress}`

async function openTls(options: OnePortOptions, speak: (socket: Socket) => void): Promise<TlsServer> {
  const { chainPem, privateKeyPem } = await options.certificate()
  const server = createTlsServer({
    cert: chainPem,
    key: privateKeyPem,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: options.limits.handshakeMillis,
  })
  server.on('secureConnection', speak)
  // A handshake that fails or takes too long is left open by Node.
  server.on('tlsClientError', (_error, socket) => cut(socket))
  return server
}
