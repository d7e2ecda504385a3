import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Reply, RequestHead } from '@sluice/wire'
import type { BucketPages } from '#kernel/bucket-pages.ts'
import type { RequestSource } from '#kernel/call.ts'
import { type BodyBudget, BodyRefused, bodyAtHand, checkDeclaredLength, discardRest, readBody } from '#gateway/body.ts'
import type { Gateway } from '#gateway/chain.ts'
import type { ConnectionLimits } from '#gateway/connection-limits.ts'
import { withBuckets } from '#gateway/bucket-pages.ts'
import { type CorsPolicy, crossOrigin } from '#gateway/cors.ts'
import { type Turned, joinHeaders, turnAway } from '#gateway/head.ts'
import { type Peer, owed, peerOf } from '#gateway/peer.ts'
import { refusalReply } from '#gateway/refusal.ts'
import { sendReply } from '#gateway/send.ts'
import { streamedBody, takesStream } from '#gateway/streamed-body.ts'
import { TOO_SLOW, refuseUnreadable } from '#gateway/unreadable.ts'
import type { GatewayRequest } from '#gateway/request.ts'

/** Paths under `/_sluice`, `/_localstack` and the probes; `undefined` means: not one of mine. */
export type AdminRoutes = (request: GatewayRequest) => Promise<Reply> | undefined

export interface ExchangeOptions {
  readonly gateway: Gateway
  readonly admin: AdminRoutes
  readonly cors: CorsPolicy
  /** Names of the platform beside `localhost`, below which S3's buckets may stand. */
  readonly hosts: readonly string[]
  readonly bucketPages: BucketPages | undefined
  readonly budget: BodyBudget
  readonly limits: ConnectionLimits
  /** Headers of every answer, e.g. that denials are only audited. */
  readonly marks: Readonly<Record<string, string>>
  /** Whether the server takes no new connections, so that each kept one has to end. */
  readonly isClosing: () => boolean
}

/** One request and its answer. */
interface Exchange {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  readonly peer: Peer
  readonly options: ExchangeOptions
  /** The client waits for `100 Continue` before it sends the body. */
  readonly waits: boolean
  /** Aborts when the client is gone before its answer. */
  readonly signal: AbortSignal
}

/** Reads one request and answers it. @throws what the gateway throws, which is a fault of ours */
export async function exchange(
  message: IncomingMessage,
  response: ServerResponse,
  options: ExchangeOptions,
  waits: boolean,
): Promise<void> {
  const { socket } = message
  const peer = peerOf(socket)
  if (peer.broken) return
  const gone = new AbortController()
  peer.pending += 1
  peer.latest = message
  response.once('close', () => {
    peer.pending -= 1
    if (peer.latest === message) peer.latest = undefined
    // Also when closing began in the midst of the answer, whose head said that the connection is kept.
    if ((peer.broken || options.isClosing()) && owed(peer) === 0) socket.destroySoon()
    // An abort after the answer would tell nobody anything, and its error object costs more than the rest of a small call's bookkeeping.
    if (!response.writableFinished) gone.abort()
  })
  await converse({ message, response, peer, options, waits, signal: gone.signal })
}

async function converse(one: Exchange): Promise<void> {
  const { message, options } = one
  const head: RequestHead = {
    method: message.method ?? 'GET',
    rawUrl: message.url ?? '/',
    headers: joinHeaders(message.rawHeaders),
  }
  const turned = turnAway(head, message.rawHeaders.length / 2, one.peer.pending, options)
  if (turned !== undefined) return refuse(one, turned)
  const page = await withBuckets(crossOrigin(head, options.cors), head, options)
  if (page !== undefined && 'answer' in page) return refuse(one, { reply: page.answer, close: false })
  const answer = (reply: Reply): Reply => (page === undefined ? reply : page.headersFor(reply))
  if (takesStream(head, options.hosts)) return streamed(one, head, answer)
  const body = await bodyOf(one, head)
  if (body === undefined) return
  try {
    const reply = await handle(one, head, { body }, () => body.byteLength)
    await send(one, answer(reply), isLast(one))
  } finally {
    options.budget.release(body.byteLength)
  }
}

/** A request whose body is read by its operation, if at all: one that is refused may be so before a byte of it came. */
async function streamed(one: Exchange, head: RequestHead, answer: (reply: Reply) => Reply): Promise<void> {
  const { message, response, waits, options } = one
  const { stream, isSent, isRead, received } = streamedBody(message, {
    proceed: waits ? () => response.writeContinue() : undefined,
    patienceMillis: options.limits.requestMillis,
    tooSlow: () => refuseUnreadable(TOO_SLOW, message.socket),
  })
  const reply = answer(await handle(one, head, { body: NO_BODY, stream }, received))
  if (isRead()) return send(one, reply, isLast(one))
  one.peer.broken = true
  if (isSent()) await discardRest(message)
  await send(one, reply, true)
}

const NO_BODY = new Uint8Array()

// A connection that is kept would hold up closing until the grace is over. Only the last answer may end it.
const isLast = ({ message, peer, options }: Exchange): boolean =>
  peer.latest === message && (peer.broken || options.isClosing())

// A client that was not told to continue may send its body all the same, or the next request instead: nobody can tell.
async function refuse(one: Exchange, { reply, close }: Turned): Promise<void> {
  const last = close || one.waits
  if (last) one.peer.broken = true
  await send(one, reply, last)
}

/** Cuts a client that takes too long to send the rest of a request; Node's own limit would hold for uploads as well. */
async function inTime<T>(message: IncomingMessage, limits: ConnectionLimits, read: () => Promise<T>): Promise<T> {
  const patience = setTimeout(() => refuseUnreadable(TOO_SLOW, message.socket), limits.requestMillis)
  try {
    return await read()
  } finally {
    clearTimeout(patience)
  }
}

/** The whole body; `undefined` when it was refused, which is answered, or when the client went away. */
async function bodyOf(one: Exchange, head: RequestHead): Promise<Uint8Array | undefined> {
  const { message, response, waits, options } = one
  try {
    checkDeclaredLength(message, options.budget)
    if (waits) response.writeContinue()
    return (
      bodyAtHand(message, options.budget) ??
      (await inTime(message, options.limits, () => readBody(message, options.budget)))
    )
  } catch (error) {
    if (!(error instanceof BodyRefused)) {
      // The client went away in the middle of its request: there is nobody to answer.
      response.destroy()
      return undefined
    }
    if (!waits) await discardRest(message)
    await refuse(one, { reply: refusalReply(head, error), close: true })
    return undefined
  }
}

function handle(
  { peer, options, signal }: Exchange,
  head: RequestHead,
  content: Pick<GatewayRequest, 'body' | 'stream'>,
  received: () => number,
): Promise<Reply> {
  const request: GatewayRequest = { head, ...content, source: { ...sourceOf(peer, head), received }, signal }
  return options.admin(request) ?? options.gateway.handle(request)
}

function sourceOf({ ip, tls }: Peer, { headers }: RequestHead): RequestSource {
  return {
    ip,
    userAgent: headers['user-agent'] ?? '',
    ...(headers['host'] === undefined ? {} : { host: headers['host'] }),
    ...(tls === undefined ? {} : { tls }),
  }
}

const send = ({ message, response, options }: Exchange, reply: Reply, close: boolean): Promise<void> => {
  const marked = { ...reply, headers: { ...reply.headers, ...options.marks } }
  const isHead = message.method === 'HEAD'
  return sendReply(response, marked, { close, isHead, unreadMillis: options.limits.unreadMillis })
}
