import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
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
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return stream(response, reply, body, options)
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  response.writeHead(reply.status, { ...reply.headers, ...bodyLength(reply, length, options) })
  response.end(options.isHead ? undefined : body)
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
  response.flushHeaders()
  // Nothing may be sent for hours, as in a quiet live tail; what is sent must be read in time.
  const { socket } = response
  const source = Readable.from(body, { objectMode: false, highWaterMark: 64 * 1024 })
  source.on('pause', () => socket?.setTimeout(unreadMillis))
  source.on('resume', () => {
    // The event of an earlier resumption may come after the next pause.
    if (!source.isPaused()) socket?.setTimeout(0)
  })
  try {
    await pipeline(source, response)
  } catch {
    // The client went away, or the source broke after the head was sent: a cut connection is all that can still be said.
    response.destroy()
  }
}
