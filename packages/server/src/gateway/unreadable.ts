import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { owed, peerOf } from '#gateway/peer.ts'

/** What Node's parser and its time limits report, by their codes; every other code of the parser is a 400. */
const ANSWERS: Readonly<Record<string, readonly [status: number, sentence: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The head of the request is too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions of the request are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
}

/** What Node reports of a request that takes too long; bodies are timed here, by the same words. */
export const TOO_SLOW: NodeJS.ErrnoException = Object.assign(new Error('the request took too long'), {
  code: 'ERR_HTTP_REQUEST_TIMEOUT',
})

/**
 * Ends a connection on which something came that is no HTTP, or came too slowly. Answers that are still to be given
 * on it come first: a refusal in their place would be read as theirs.
 */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  const peer = peerOf(socket)
  const known = ANSWERS[error.code ?? '']
  const isParserError = error.code?.startsWith('HPE_') === true
  if (known === undefined && !isParserError) {
    socket.destroy()
    return
  }
  if (peer.broken) return
  peer.broken = true
  if (owed(peer) > 0) return
  const [status, sentence] = known ?? [400, 'The request is not HTTP/1.1 as RFC 9112 defines it.']
  if (socket.writable) socket.end(rawAnswer(status, sentence))
  socket.destroySoon()
}

function rawAnswer(status: number, sentence: string): string {
  const body = `${sentence}\n`
  return [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
    'connection: close',
    'content-type: text/plain; charset=utf-8',
    `content-length: ${String(Buffer.byteLength(body))}`,
    `date: ${new Date().toUTCString()}`,
    '',
    body,
  ].join('\r\n')
}
