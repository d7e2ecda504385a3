import { type RequestListener, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BucketPages } from '#kernel/bucket-pages.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { BodyBudget } from '#gateway/body.ts'
import type { Gateway } from '#gateway/chain.ts'
import { CONNECTION_LIMITS, type ConnectionLimits, MAX_HEADERS, MAX_HEADER_BYTES } from '#gateway/connection-limits.ts'
import { type AdminRoutes, type ExchangeOptions, exchange } from '#gateway/exchange.ts'
import { type OnePort, type ServerCertificate, sharePort } from '#gateway/one-port.ts'
import { ownHosts } from '#gateway/hosts.ts'
import { refuseUnreadable } from '#gateway/unreadable.ts'

export interface HttpOptions {
  readonly gateway: Gateway
  readonly admin: AdminRoutes
  readonly host: string
  readonly port: number
  readonly budget: BodyBudget
  readonly telemetry: Telemetry
  /** What HTTPS presents; asked when the first client speaks it. */
  readonly certificate: () => Promise<ServerCertificate>
  /** Origins of web pages that may call the platform, beside those of this machine. */
  readonly corsOrigins?: readonly string[]
  /** Asks a bucket of S3 about pages of other origins; left out: none lets any in. */
  readonly bucketPages?: BucketPages
  /** Headers of every answer. */
  readonly marks?: Readonly<Record<string, string>>
  readonly limits?: ConnectionLimits
}

export interface HttpServer {
  /** e.g. `http://127.0.0.1:4566`; the same port answers HTTPS. */
  readonly url: string
  /** Takes no new connections, lets requests finish for at most so long, then cuts them. */
  close(graceMillis: number): Promise<void>
}

/** @throws Error in one sentence when the address cannot be listened on */
export async function listen(options: HttpOptions): Promise<HttpServer> {
  const { telemetry, limits = CONNECTION_LIMITS } = options
  const server = openServer(limits)
  const exchanging: ExchangeOptions = {
    gateway: options.gateway,
    admin: options.admin,
    budget: options.budget,
    limits,
    cors: { host: options.host, origins: options.corsOrigins ?? [] },
    hosts: ownHosts(options.host),
    bucketPages: options.bucketPages,
    marks: options.marks ?? {},
    isClosing: () => !server.listening,
  }
  const answer =
    (waits: boolean): RequestListener =>
    (message, response) => {
      exchange(message, response, exchanging, waits).catch((error: unknown) => {
        telemetry.log.error({ event: 'request_failed', message: messageOf(error) })
        response.destroy()
      })
    }
  server.on('request', answer(false))
  server.on('checkContinue', answer(true))
  server.on('clientError', refuseUnreadable)
  server.on('drop', () => telemetry.meter.add('connections_dropped_total', 1))
  const onePort = sharePort(server, { certificate: options.certificate, limits, telemetry })
  await bind(server, options)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${String(port)}`,
    close: (grace) => close(server, onePort, grace),
  }
}

function openServer(limits: ConnectionLimits): Server {
  const server = createServer({
    keepAlive: true,
    noDelay: true,
    insecureHTTPParser: false,
    // Missing hosts are refused with the other bad heads, so that nothing after them on the connection is a request.
    requireHostHeader: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: limits.headersMillis,
    // A whole request may be an upload of hours: bodies are timed where they are read.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveMillis,
    connectionsCheckingInterval: limits.checkMillis,
  })
  server.maxConnections = limits.connections
  // One more than is taken, so that a request with too many is seen as such instead of being cut short.
  server.maxHeadersCount = MAX_HEADERS + 1
  return server
}

async function bind(server: Server, { host, port }: HttpOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(bindFailure(error, host, port), { cause: error })),
    )
    server.listen({ host, port, backlog: 1_024 }, resolve)
  })
}

function bindFailure(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === 'EADDRINUSE')
    return `port ${String(port)} on ${host} is taken by another program; stop it, or choose another port with --port (0 picks a free one)`
  if (error.code === 'EACCES')
    return `this user may not listen on port ${String(port)}; choose a port above 1023 with --port`
  return `cannot listen on ${host}:${String(port)}: ${error.message}`
}

async function close(server: Server, onePort: OnePort, graceMillis: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeIdleConnections()
  onePort.cutUnopened()
  const cut = setTimeout(() => {
    server.closeAllConnections()
    onePort.cutSecure()
  }, graceMillis)
  await closed
  clearTimeout(cut)
}
