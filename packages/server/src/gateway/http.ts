import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Reply } from '@sluice/wire'
import type { RequestSource } from '#kernel/call.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { type BodyBudget, BodyRefused, discardRest, readBody } from '#gateway/body.ts'
import type { Gateway } from '#gateway/chain.ts'
import { isKnownHost } from '#gateway/hosts.ts'
import type { GatewayRequest } from '#gateway/request.ts'

/** Paths under `/_sluice`, `/_localstack` and the probes; `undefined` means: not one of mine. */
export type AdminRoutes = (request: GatewayRequest) => Promise<Reply> | undefined

export interface HttpOptions {
  readonly gateway: Gateway
  readonly admin: AdminRoutes
  readonly host: string
  readonly port: number
  readonly budget: BodyBudget
  readonly telemetry: Telemetry
}

export interface HttpServer {
  /** e.g. `http://127.0.0.1:4566`. */
  readonly url: string
  /** Takes no new connections, lets requests finish for at most so long, then cuts them. */
  close(graceMillis: number): Promise<void>
}

/** Longest time for a client to send its headers, and its whole request; slower ones are cut by Node. */
const HEADERS_TIMEOUT_MILLIS = 15_000
const REQUEST_TIMEOUT_MILLIS = 120_000
/** Longer than the idle time after which SDKs drop their connections, so a client never writes into a closing one. */
const KEEP_ALIVE_MILLIS = 75_000

/** @throws Error in one sentence when the address cannot be listened on */
export async function listen(options: HttpOptions): Promise<HttpServer> {
  const server = createServer(
    { keepAlive: true, noDelay: true, requestTimeout: REQUEST_TIMEOUT_MILLIS, headersTimeout: HEADERS_TIMEOUT_MILLIS },
    (message, response) => {
      serve(message, response, options, () => !server.listening).catch((error: unknown) => {
        options.telemetry.log.error({ event: 'request_failed', message: messageOf(error) })
        response.destroy()
      })
    },
  )
  server.keepAliveTimeout = KEEP_ALIVE_MILLIS
  await bind(server, options)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${String(port)}`,
    close: (grace) => close(server, grace),
  }
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

async function close(server: Server, graceMillis: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), graceMillis)
  await closed
  clearTimeout(cut)
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
  isClosing: () => boolean,
): Promise<void> {
  const head = { method: message.method ?? 'GET', rawUrl: message.url ?? '/', headers: joinHeaders(message.rawHeaders) }
  if (!isKnownHost(head.headers['host'], options.host) && head.headers['authorization'] === undefined) {
    send(
      response,
      plain(403, 'This host name is not one of the platform. Sign the request, or use the configured host name.\n'),
    )
    return
  }
  const gone = new AbortController()
  response.once('close', () => {
    // An abort after the answer would tell nobody anything, and its error object costs more than the rest of a small call's bookkeeping.
    if (!response.writableFinished) gone.abort()
  })
  let body: Uint8Array
  try {
    body = await readBody(message, options.budget)
  } catch (error) {
    if (!(error instanceof BodyRefused)) {
      // The client went away in the middle of its request: there is nobody to answer.
      response.destroy()
      return
    }
    await discardRest(message)
    response.setHeader('connection', 'close')
    send(response, plain(error.status, `${error.message}\n`))
    return
  }
  try {
    const request: GatewayRequest = { head, body, source: requestSource(message, head.headers), signal: gone.signal }
    const reply = await (options.admin(request) ?? options.gateway.handle(request))
    // A connection that is kept would hold up closing until the grace is over, so its last answer ends it.
    if (isClosing()) response.setHeader('connection', 'close')
    if (!response.destroyed) send(response, reply, head.method === 'HEAD')
  } finally {
    options.budget.release(body.byteLength)
  }
}

/** Names in lower case; repeated headers joined by commas, as signatures canonicalise them. */
function joinHeaders(raw: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase()
    const value = raw[at + 1] as string
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`
  }
  return headers
}

function requestSource(message: IncomingMessage, headers: Readonly<Record<string, string>>): RequestSource {
  const { socket } = message
  const tls =
    socket instanceof TLSSocket
      ? { version: socket.getProtocol() ?? 'unknown', cipherSuite: socket.getCipher().standardName }
      : undefined
  return {
    ip: (socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    userAgent: headers['user-agent'] ?? '',
    ...(headers['host'] === undefined ? {} : { host: headers['host'] }),
    ...(tls === undefined ? {} : { tls }),
  }
}

const plain = (status: number, text: string): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: text,
})

function send(response: ServerResponse, reply: Reply, headOnly = false): void {
  const length = typeof reply.body === 'string' ? Buffer.byteLength(reply.body) : reply.body.byteLength
  response.writeHead(reply.status, { ...reply.headers, ...(reply.status === 204 ? {} : { 'content-length': length }) })
  response.end(headOnly ? undefined : reply.body)
}
