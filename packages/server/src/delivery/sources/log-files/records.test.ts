import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCharacter } from '@sluice/testkit/any-character.ts'
import type { Place } from '#delivery/sources/log-files/place.ts'
import { type Piece, RECORD_FORMS, nextPiece } from '#delivery/sources/log-files/records.ts'

const TIME = 1_795_262_400_000
const EVENT_BYTES = 40

/** Cuts everything that `bytes` hold. */
function cutAll(
  bytes: Buffer,
  complete: boolean,
  at: Place['at'] = 'start',
  eventBytes = EVENT_BYTES,
): { readonly pieces: Piece[]; readonly rest: Buffer; readonly at: Place['at'] } {
  const pieces: Piece[] = []
  let index = 0
  for (;;) {
    const piece = nextPiece(bytes, index, { at, complete, eventBytes, form: RECORD_FORMS.stamped })
    if (piece === undefined) return { pieces, rest: bytes.subarray(index), at }
    expect(piece.end, 'every piece goes on').toBeGreaterThan(index)
    pieces.push(piece)
    index = piece.end
    at = piece.next
  }
}

/** Cuts what arrives in chunks, keeping of each chunk what is not complete. */
function cutChunks(chunks: readonly Uint8Array[], complete: boolean): Piece[] {
  const pieces: Piece[] = []
  let held = Buffer.alloc(0)
  let at: Place['at'] = 'start'
  chunks.forEach((chunk, index) => {
    held = Buffer.concat([held, chunk])
    const cut = cutAll(held, complete && index === chunks.length - 1, at)
    pieces.push(...cut.pieces)
    held = Buffer.from(cut.rest)
    ;({ at } = cut)
  })
  return pieces
}

const eventsOf = (pieces: readonly Piece[]): (readonly [number | undefined, string])[] =>
  pieces.map(({ time, message }) => [time, message])

/** Bytes of what brokers write and of what they never should: torn ends, lone separators, invalid UTF-8, huge events. */
const anyBytes = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .string({ unit: 'grapheme', maxLength: 60 })
          .map((text) => Buffer.from(`${String(TIME)} ${text}\u001e\n`)),
      },
      fc.string({ unit: anyCharacter, maxLength: 90 }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 90 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('\u001e\n', '\u001e', '\n', `${String(TIME)} `, '1795262400', '\u001e\u001e\n')
        .map((text) => Buffer.from(text)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.concat(parts))

test('any chunking of any bytes gives the same events', () => {
  fc.assert(
    fc.property(anyBytes, fc.array(fc.nat(), { maxLength: 20 }), fc.boolean(), (bytes, cuts, complete) => {
      const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted(
        (one, other) => one - other,
      )
      const chunks = borders.slice(1).map((border, index) => bytes.subarray(borders[index], border))
      expect(eventsOf(cutChunks(chunks, complete))).toEqual(eventsOf(cutAll(bytes, complete).pieces))
    }),
    { numRuns: 600 },
  )
})

test('no event is longer than an event may be, and the byte counts are true', () => {
  fc.assert(
    fc.property(anyBytes, fc.integer({ min: 4, max: 60 }), (bytes, eventBytes) => {
      for (const { message, messageBytes } of cutAll(bytes, true, 'start', eventBytes).pieces) {
        expect(messageBytes).toBe(Buffer.byteLength(message))
        expect(messageBytes).toBeLessThanOrEqual(eventBytes)
      }
    }),
    { numRuns: 600 },
  )
})

test('complete bytes are cut whole, and valid text comes out as it went in', () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 200 })
    .filter((message) => !message.includes('\u001e') && !message.includes('\ufffd'))
  fc.assert(
    fc.property(fc.array(text, { maxLength: 8 }), (messages) => {
      const bytes = Buffer.from(messages.map((message) => `${String(TIME)} ${message}\u001e\n`).join(''))
      const { pieces, rest } = cutAll(bytes, true)
      expect(rest).toHaveLength(0)
      expect(pieces.map(({ message }) => message).join('')).toBe(messages.join(''))
      expect(pieces.filter(({ time }) => time === TIME)).toHaveLength(messages.length)
    }),
    { numRuns: 300 },
  )
})

test('a message with line breaks is one event, and cannot forge another one', () => {
  const forged = `body\n${String(TIME)} INFO  | admin called evil`
  const { pieces } = cutAll(Buffer.from(`${String(TIME)} ${forged}\u001e\n`), false, 'start', 1_000)
  expect(eventsOf(pieces)).toEqual([[TIME, forged]])
})

test('an incomplete tail stays until it is complete, and is an event when nothing will follow', () => {
  const bytes = Buffer.from(`${String(TIME)} one\u001e\n${String(TIME)} tw`)
  expect(cutAll(bytes, false).rest.toString()).toBe(`${String(TIME)} tw`)
  expect(eventsOf(cutAll(bytes, true).pieces)).toEqual([
    [TIME, 'one'],
    [TIME, 'tw'],
  ])
  expect(eventsOf(cutAll(Buffer.from(`${String(TIME)} torn\u001e`), true).pieces)).toEqual([[TIME, 'torn']])
})

test.each([
  { name: 'no time', text: 'no time here' },
  { name: 'too few digits', text: '179526240000 short' },
  { name: 'too many digits', text: '17952624000000 long' },
  { name: 'no space behind it', text: '1795262400000| x' },
])('a record with $name is delivered whole, without a time', ({ text }) => {
  expect(eventsOf(cutAll(Buffer.from(`${text}\u001e\n`), false).pieces)).toEqual([[undefined, text]])
})

test('an empty record gives nothing to deliver', () => {
  expect(cutAll(Buffer.from(`\u001e\n${String(TIME)} \u001e\n`), false).pieces.map(({ message }) => message)).toEqual([
    '',
    '',
  ])
})

test('invalid UTF-8 is replaced', () => {
  const bytes = Buffer.concat([Buffer.from(`${String(TIME)} a`), Buffer.from([0xff]), Buffer.from('b\u001e\n')])
  expect(eventsOf(cutAll(bytes, false).pieces)).toEqual([[TIME, 'a\ufffdb']])
})

test('the rest of a passed record gives no event, wherever it is cut', () => {
  const bytes = Buffer.from(`rest of it\u001e\n${String(TIME)} next\u001e\n`)
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const first = cutAll(bytes.subarray(0, cut), false, 'passed')
    const second = cutAll(Buffer.concat([first.rest, bytes.subarray(cut)]), false, first.at)
    expect(
      [...first.pieces, ...second.pieces].map(({ message }) => message).filter((message) => message !== ''),
    ).toEqual(['next'])
  }
})

test('the rest of a split event loses nothing that looks like a time', () => {
  const bytes = Buffer.from(`${String(TIME)} still the same event\u001e\n`)
  expect(eventsOf(cutAll(bytes, false, 'event').pieces)).toEqual([[undefined, `${String(TIME)} still the same event`]])
})

const LINES = (text: string, complete = false): (readonly [number | undefined, string])[] => {
  const bytes = Buffer.from(text)
  const pieces: Piece[] = []
  for (let index = 0; index < bytes.length;) {
    const piece = nextPiece(bytes, index, { at: 'start', complete, eventBytes: 200, form: RECORD_FORMS.lines })
    if (piece === undefined) break
    pieces.push(piece)
    index = piece.end
  }
  return eventsOf(pieces)
}

test('of lines each is an event with the time it begins with, which stays in it', () => {
  const first = '2026-11-29 06:05:17.173273+00:00 [info] <0.780.0> started TLS (SSL) listener'
  expect(LINES(`${first}\n  no time\n2026-11-29 06:05:17`)).toEqual([
    [Date.UTC(2026, 10, 29, 6, 5, 17, 173), first],
    [undefined, '  no time'],
  ])
  expect(LINES('2026-11-29 06:05:17', true)).toEqual([[undefined, '2026-11-29 06:05:17']])
  expect(LINES('2026-13-99 06:05:17.173273+00:00 x\n')).toEqual([[undefined, '2026-13-99 06:05:17.173273+00:00 x']])
})
