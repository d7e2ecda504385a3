import { crc32 } from 'node:zlib'
import { CHECKSUM_BYTES, type EventMessage, MAX_HEADER_BYTES, MAX_MESSAGE_BYTES, PRELUDE_BYTES } from './encode.ts'
import { fail, readHeaders } from './read-headers.ts'

/**
 * Puts a stream's messages together from the pieces it came in. It holds one message at most.
 * What it throws ends the stream: there is no way to find the next message.
 */
export class EventStreamDecoder {
  #bytes = Buffer.alloc(1_024)
  #length = 0

  /**
   * Takes the next piece.
   * @returns the messages that are whole by now, in order.
   * @throws Malformed when a message cannot be read, or would be too large.
   */
  push(piece: Uint8Array): readonly EventMessage[] {
    this.#append(piece)
    const messages: EventMessage[] = []
    let from = 0
    for (;;) {
      const rest = this.#bytes.subarray(from, this.#length)
      if (rest.length < PRELUDE_BYTES) break
      const { total } = readPrelude(rest)
      if (rest.length < total) break
      messages.push(decodeMessage(rest.subarray(0, total)))
      from += total
    }
    this.#bytes.copyWithin(0, from, this.#length)
    this.#length -= from
    return messages
  }

  /** @throws Malformed when the stream ended within a message. */
  finish(): void {
    if (this.#length > 0) fail('it ends within a message')
  }

  #append(piece: Uint8Array): void {
    const length = this.#length + piece.length
    if (length > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(length, 2 * this.#bytes.length))
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = grown
    }
    this.#bytes.set(piece, this.#length)
    this.#length = length
  }
}

/**
 * Reads one message, which must be all of `message`.
 * @throws Malformed when it cannot be read, or a checksum does not agree.
 */
export function decodeMessage(message: Uint8Array): EventMessage {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length)
  const { total, headers } = readPrelude(bytes)
  if (bytes.length !== total) fail('a message is not as long as it says')
  const end = total - CHECKSUM_BYTES
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) fail("a message's checksum does not agree")
  const payload = PRELUDE_BYTES + headers
  return {
    headers: readHeaders(bytes.subarray(PRELUDE_BYTES, payload)),
    payload: new Uint8Array(bytes.subarray(payload, end)),
  }
}

/** Lengths in bytes, of the whole message and of its headers. */
function readPrelude(bytes: Buffer): { readonly total: number; readonly headers: number } {
  if (bytes.length < PRELUDE_BYTES) fail('a message is too short')
  if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) fail("a prelude's checksum does not agree")
  const total = bytes.readUInt32BE(0)
  const headers = bytes.readUInt32BE(4)
  if (total > MAX_MESSAGE_BYTES) fail(`a message has more than ${String(MAX_MESSAGE_BYTES)} bytes`)
  if (headers > MAX_HEADER_BYTES) fail(`headers have more than ${String(MAX_HEADER_BYTES)} bytes`)
  if (total < PRELUDE_BYTES + headers + CHECKSUM_BYTES) fail('headers are longer than their message')
  return { total, headers }
}
