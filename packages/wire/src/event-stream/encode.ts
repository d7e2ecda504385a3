import { crc32 } from 'node:zlib'
import { type EventHeader, type EventHeaders, writeHeaders } from './headers.ts'

/** @source Smithy's Amazon Event Stream Specification: 128 kB */
export const MAX_HEADER_BYTES = 131_072
/** Of a whole message. The specification allows a payload of 24 MB; clients on AWS's C library stop at this. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024
/** Two lengths and their checksum. */
export const PRELUDE_BYTES = 12
export const CHECKSUM_BYTES = 4

/** One message of a stream of type `application/vnd.amazon.eventstream`. */
export interface EventMessage {
  readonly headers: EventHeaders
  readonly payload: Uint8Array
}

/**
 * A message as it goes over the network.
 * @throws RangeError when it is larger than clients take, or a header cannot be written: a defect of ours.
 */
export function encodeMessage({ headers, payload }: EventMessage): Uint8Array {
  const head = writeHeaders(headers)
  if (head.length > MAX_HEADER_BYTES) throw new RangeError(`headers of ${String(head.length)} bytes are too long`)
  const length = PRELUDE_BYTES + head.length + payload.length + CHECKSUM_BYTES
  if (length > MAX_MESSAGE_BYTES) throw new RangeError(`an event of ${String(length)} bytes is too long`)
  const bytes = Buffer.allocUnsafe(length)
  bytes.writeUInt32BE(length, 0)
  bytes.writeUInt32BE(head.length, 4)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8)
  bytes.set(head, PRELUDE_BYTES)
  bytes.set(payload, PRELUDE_BYTES + head.length)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, length - CHECKSUM_BYTES)), length - CHECKSUM_BYTES)
  return bytes
}

const text = (value: string): EventHeader => ({ type: 'string', value })

/** An event: `type` is the name of the stream's member. */
export const encodeEvent = (type: string, contentType: string, payload: Uint8Array): Uint8Array =>
  encodeMessage({
    headers: new Map([
      [':message-type', text('event')],
      [':event-type', text(type)],
      [':content-type', text(contentType)],
    ]),
    payload,
  })

/** The first message of an RPC protocol's stream: the members of the output that are not the stream. */
export const encodeInitialResponse = (contentType: string, payload: Uint8Array): Uint8Array =>
  encodeEvent('initial-response', contentType, payload)

/** A modelled error, which ends the stream: `type` is the name of the stream's member. */
export const encodeException = (type: string, contentType: string, payload: Uint8Array): Uint8Array =>
  encodeMessage({
    headers: new Map([
      [':message-type', text('exception')],
      [':exception-type', text(type)],
      [':content-type', text(contentType)],
    ]),
    payload,
  })

/** An error that the stream does not model, which ends it. */
export const encodeError = (code: string, message: string): Uint8Array =>
  encodeMessage({
    headers: new Map([
      [':message-type', text('error')],
      [':error-code', text(code)],
      [':error-message', text(message)],
    ]),
    payload: new Uint8Array(),
  })
