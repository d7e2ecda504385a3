import type { ServerResponse } from 'node:http'
import type { ByteStream, Reply } from '@sluice/wire'

export interface SendOptions {
  /** The connection ends with this answer. */
  readonly close: boolean
  /** The request was a HEAD: the answer has no body. */
  readonly isHead: boolean
  /** How long a client may leave an answer unread. */
  readonly unreadMillis: number
}

/** Writes an answer; one that is a stream is written as fast as the client reads it, and ends early when the client goes. */
export async function sendReply(response: ServerResponse, reply: Reply, options: SendOptions): Promise<void> {
  if (response.destroyed) return
  if (options.close) response.setHeader('connection', 'close')
  const { body } = reply
  const whole = typeof body === 'string' || body instanceof Uint8Array ? body : body.whole
  if (whole === undefined) return stream(response, reply, body as ByteStream, options)
  const length = typeof whole === 'string' ? Buffer.byteLength(whole) : whole.byteLength
  response.writeHead(reply.status, { ...reply.headers, ...bodyLength(reply, length, options) })
  response.end(options.isHead ? undefined : whole)
  // Set only where the client does not keep up; the end of the answer sets the time-out of a kept connection instead.
  if (response.socket !== null && response.socket.writableLength > 0) response.socket.setTimeout(options.unreadMillis)
}

/** An answer to HEAD says how long the body would be, where its handler knows; one without a body says nothing. */
function bodyLength(
  { status, headers }: Reply,
  length: number,
  { isHead }: SendOptions,
): { readonly 'content-length'?: number } {
  return status === 204 || status === 304 || (isHead && headers['content-length'] !== undefined)
    ? {}
    : { 'content-length': length }
}

async function stream(
  response: ServerResponse,
  { status, headers }: Reply,
  body: ByteStream,
  { isHead, unreadMillis }: SendOptions,
): Promise<void> {
  response.writeHead(status, headers)
  if (isHead) {
    response.end()
    return
  }
  if (Number(headers['content-length']) <= SHORT_BYTES) return short(response, body)
  // Without a length nobody knows when the first piece comes: nothing may be sent for hours, as in a quiet live tail.
  if (headers['content-length'] === undefined) response.flushHeaders()
  const pieces = body[Symbol.asyncIterator]()
  response.once('close', () => void letGo(pieces))
  try {
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
      const piece = next.value
      const isRoom = response.write(piece, () => body.spent?.(piece))
      if (!isRoom) await drained(response, unreadMillis)
      if (response.destroyed) return
    }
    response.end()
    await heard(response, 'finish')
  } catch {
    // The source broke after the head was sent: a cut connection is all that can still be said.
    response.destroy()
  }
}

/** A stream that is no longer than this is gathered and sent in one go, which costs a fraction of sending piece by piece. */
const SHORT_BYTES = 64 * 1024

async function short(response: ServerResponse, body: ByteStream): Promise<void> {
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of body) pieces.push(piece)
  } catch {
    // As with a long one, only that the head was not sent either.
    response.destroy()
    return
  }
  response.end(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces))
}

/** Ends a source; one that has ended already does not mind. What it throws now is of no use to anybody. */
async function letGo(pieces: AsyncIterator<Uint8Array>): Promise<void> {
  await pieces.return?.().catch(() => {})
}

/** What is sent must be read in time. */
async function drained(response: ServerResponse, unreadMillis: number): Promise<void> {
  const { socket } = response
  socket?.setTimeout(unreadMillis)
  await heard(response, 'drain')
  socket?.setTimeout(0)
}

/** Resolves with the event, or when the connection closed. */
const heard = (response: ServerResponse, event: 'drain' | 'finish'): Promise<void> =>
  new Promise((resolve) => {
    if (response.destroyed) return resolve()
    const settle = (): void => {
      response.off(event, settle).off('close', settle)
      resolve()
    }
    response.on(event, settle).on('close', settle)
  })
