import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Malformed } from '../reading/cursor.ts'
import { EventStreamDecoder, decodeMessage } from './decode.ts'
import {
  type EventMessage,
  encodeError,
  encodeEvent,
  encodeException,
  encodeInitialResponse,
  encodeMessage,
} from './encode.ts'
import type { EventHeader } from './headers.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const textOf = (payload: Uint8Array): string => Buffer.from(payload).toString()
const message = (
  headers: readonly (readonly [string, EventHeader])[],
  payload: string | Uint8Array = '',
): EventMessage => ({
  headers: new Map(headers),
  payload: new Uint8Array(Buffer.from(payload)),
})

describe('published messages are written and read', () => {
  const json = { type: 'string', value: 'application/json' } as const
  test.each([
    ['an empty message', message([]), '00000010 00000000 05c248eb 7d98c8ff'],
    ['a payload alone', message([], "{'foo':'bar'}"), '0000001d 00000000 fd528c5a 7b27666f6f273a27626172277d c3653936'],
    [
      'a header of text',
      message([['content-type', json]], "{'foo':'bar'}"),
      `0000003d 00000020 07fd8396 0c 636f6e74656e742d74797065 07 0010 ${Buffer.from('application/json').toString('hex')}
       7b27666f6f273a27626172277d 8d9c08b1`.replaceAll(/\s/g, ''),
    ],
    [
      'a header of a number',
      message([['event-type', { type: 'integer', value: 40_972 }]], "{'foo':'bar'}"),
      '0000002d 00000010 41c424b8 0a 6576656e742d74797065 04 0000a00c 7b27666f6f273a27626172277d 36f480a0',
    ],
  ])('%s', (_what, value, bytes) => {
    expect(Buffer.from(encodeMessage(value)).toString('hex')).toBe(hex(bytes).toString('hex'))
    expect(decodeMessage(hex(bytes))).toEqual(value)
  })
})

test('each kind of message says what it is', () => {
  const payload = Buffer.from('{}')
  const told = (bytes: Uint8Array): unknown => {
    const { headers, payload: content } = decodeMessage(bytes)
    return [Object.fromEntries([...headers].map(([name, { value }]) => [name, value])), textOf(content)]
  }
  const json = { ':content-type': 'application/json' }
  expect(told(encodeEvent('sessionUpdate', 'application/json', payload))).toEqual([
    { ':message-type': 'event', ':event-type': 'sessionUpdate', ...json },
    '{}',
  ])
  expect(told(encodeInitialResponse('application/json', payload))).toEqual([
    { ':message-type': 'event', ':event-type': 'initial-response', ...json },
    '{}',
  ])
  expect(told(encodeException('SessionTimeoutException', 'application/json', payload))).toEqual([
    { ':message-type': 'exception', ':exception-type': 'SessionTimeoutException', ...json },
    '{}',
  ])
  expect(told(encodeError('InternalFailure', 'é'))).toEqual([
    { ':message-type': 'error', ':error-code': 'InternalFailure', ':error-message': 'é' },
    '',
  ])
})

const INT64 = 2n ** 63n
const header: fc.Arbitrary<EventHeader> = fc.oneof(
  fc.boolean().map((value) => ({ type: 'boolean', value }) as const),
  fc.integer({ min: -128, max: 127 }).map((value) => ({ type: 'byte', value }) as const),
  fc.integer({ min: -32_768, max: 32_767 }).map((value) => ({ type: 'short', value }) as const),
  fc.integer().map((value) => ({ type: 'integer', value }) as const),
  fc.bigInt({ min: -INT64, max: INT64 - 1n }).map((value) => ({ type: 'long', value }) as const),
  fc.uint8Array({ maxLength: 40 }).map((value) => ({ type: 'binary', value }) as const),
  fc.string({ unit: 'grapheme' }).map((value) => ({ type: 'string', value }) as const),
  fc.integer({ min: -8.64e15, max: 8.64e15 }).map((value) => ({ type: 'timestamp', value }) as const),
  fc.uuid().map((value) => ({ type: 'uuid', value }) as const),
)
const name = fc.oneof(
  fc.constantFrom(':event-type', '__proto__', 'é'),
  fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' }),
)
const anyMessage: fc.Arbitrary<EventMessage> = fc
  .tuple(fc.array(fc.tuple(name, header), { maxLength: 5 }), fc.uint8Array({ maxLength: 100 }))
  .map(([headers, payload]) => ({ headers: new Map(headers), payload }))

test('what is written is read back, in whatever pieces it comes', () => {
  const stream = fc.tuple(fc.array(anyMessage, { maxLength: 5 }), fc.array(fc.nat({ max: 60 }), { minLength: 1 }))
  fc.assert(
    fc.property(stream, ([messages, sizes]) => {
      const bytes = Buffer.concat(messages.map(encodeMessage))
      const decoder = new EventStreamDecoder()
      const found: EventMessage[] = []
      let at = 0
      for (let index = 0; at < bytes.length; index++) {
        const size = (sizes[index % sizes.length] ?? 0) + (index % sizes.length === 0 ? 1 : 0)
        found.push(...decoder.push(bytes.subarray(at, at + size)))
        at += size
      }
      decoder.finish()
      expect(found).toEqual(messages)
    }),
    { seed: 59, numRuns: 500 },
  )
})

describe('what can not be written is a defect of ours', () => {
  test.each<[string, EventMessage, string]>([
    ['no name', message([['', { type: 'boolean', value: true }]]), 'it must have 1 to 255'],
    ['a long name', message([['é'.repeat(128), { type: 'boolean', value: true }]]), 'it must have 1 to 255'],
    ['a large byte', message([['a', { type: 'byte', value: 128 }]]), 'out of range'],
    ['a large short', message([['a', { type: 'short', value: 32_768 }]]), 'out of range'],
    ['a large integer', message([['a', { type: 'integer', value: 2 ** 31 }]]), 'out of range'],
    ['a large long', message([['a', { type: 'long', value: INT64 }]]), 'out of range'],
    ['half a millisecond', message([['a', { type: 'timestamp', value: 0.5 }]]), 'not an integer'],
    ['no UUID', message([['a', { type: 'uuid', value: 'A' }]]), 'does not hold a UUID'],
    ['a long text', message([['a', { type: 'string', value: 'x'.repeat(32_768) }]]), 'the most is 32767'],
    [
      'many headers',
      message(
        Array.from({ length: 5 }, (_, index) => [`a${String(index)}`, { type: 'string', value: 'x'.repeat(32_767) }]),
      ),
      'are too long',
    ],
    ['a large payload', { headers: new Map(), payload: new Uint8Array(16 * 1024 * 1024 - 15) }, 'is too long'],
  ])('%s', (_what, value, words) => {
    expect(() => encodeMessage(value)).toThrow(RangeError)
    expect(() => encodeMessage(value)).toThrow(expect.objectContaining({ message: expect.stringContaining(words) }))
  })

  test('the largest message is written and read', () => {
    const largest = { headers: new Map(), payload: new Uint8Array(16 * 1024 * 1024 - 16).fill(1) }
    expect(decodeMessage(encodeMessage(largest)).payload).toHaveLength(largest.payload.length)
  })
})

/** A message around raw headers, with lengths and checksums that agree. */
function framed(headers: Uint8Array, changes: { readonly total?: number; readonly head?: number } = {}): Buffer {
  const bytes = Buffer.alloc(16 + headers.length)
  bytes.writeUInt32BE(changes.total ?? bytes.length, 0)
  bytes.writeUInt32BE(changes.head ?? headers.length, 4)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8)
  bytes.set(headers, 12)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, bytes.length - 4)), bytes.length - 4)
  return bytes
}

describe('what can not be read is refused', () => {
  test.each([
    ['no header name', framed(hex('00 00')), 'a header has no name'],
    ['a header twice', framed(hex('0161 00 0161 01')), 'a header comes twice'],
    ['an unknown type', framed(hex('0161 0a')), 'of no known type'],
    ['a name cut short', framed(hex('0261')), 'a header ends too early'],
    ['a type cut off', framed(hex('0161')), 'a header ends too early'],
    ['a number cut short', framed(hex('0161 04 000000')), 'a header ends too early'],
    ['a UUID cut short', framed(hex('0161 09 00')), 'a header ends too early'],
    ['a text cut short', framed(hex('0161 07 0002 61')), 'a header ends too early'],
    ['a text that is too long', framed(Buffer.concat([hex('0161 07 8000'), Buffer.alloc(32_768)])), 'more than 32767'],
    ['a text that is no UTF-8', framed(hex('0161 07 0001 ff')), 'not valid UTF-8'],
    ['a name that is no UTF-8', framed(hex('01ff 00')), 'not valid UTF-8'],
    ['a time beyond all dates', framed(hex('0161 08 7fffffffffffffff')), 'beyond all dates'],
    ['a message that is longer than it says', framed(hex('0161 00'), { total: 18, head: 2 }), 'not as long as it says'],
    ['headers beyond the end', framed(hex('0161 00'), { head: 4 }), 'headers are longer than their message'],
    ['a length that holds nothing', framed(hex(''), { total: 15 }), 'headers are longer than their message'],
    ['too long a message', framed(hex(''), { total: 16_777_217 }), 'more than 16777216 bytes'],
    ['too long headers', framed(hex(''), { total: 200_000, head: 131_073 }), 'more than 131072 bytes'],
    ['nothing', Buffer.alloc(0), 'a message is too short'],
    ['zeros', Buffer.alloc(16), "a prelude's checksum does not agree"],
    [
      'a changed payload',
      Buffer.concat([encodeEvent('a', 'b', Buffer.from('c')).subarray(0, -1), hex('00')]),
      'checksum',
    ],
  ])('%s', (_what, bytes, words) => {
    expect(() => decodeMessage(bytes)).toThrow(words)
    expect(() => decodeMessage(bytes)).toThrow(Malformed)
  })

  test('a stream that ends within a message', () => {
    const decoder = new EventStreamDecoder()
    expect(decoder.push(encodeError('a', 'b').subarray(0, -1))).toEqual([])
    expect(() => decoder.finish()).toThrow('it ends within a message')
  })

  test('a stream that says it is too large, before it came', () => {
    expect(() => new EventStreamDecoder().push(framed(hex(''), { total: 2 ** 32 - 1 }).subarray(0, 12))).toThrow(
      Malformed,
    )
  })

  test('any message of which a bit was changed', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), fc.nat({ max: 7 }), (value, at, bit) => {
        const bytes = Buffer.from(encodeMessage(value))
        const place = at % bytes.length
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit)
        expect(() => decodeMessage(bytes)).toThrow(Malformed)
      }),
      { seed: 61, numRuns: 500 },
    )
  })

  test('any headers throw nothing but faults of the stream', () => {
    const noise = fc.oneof(fc.uint8Array(), fc.uint8Array({ max: 10 }))
    fc.assert(
      fc.property(noise, (headers) => {
        try {
          decodeMessage(framed(headers))
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed)
        }
      }),
      { seed: 67, numRuns: 2_000 },
    )
  })
})

test('a large message that comes byte by byte is put together', () => {
  const bytes = encodeEvent('a', 'b', new Uint8Array(200_000).fill(3))
  const decoder = new EventStreamDecoder()
  let found = 0
  for (let at = 0; at < bytes.length; at++) found += decoder.push(bytes.subarray(at, at + 1)).length
  expect(found).toBe(1)
})
