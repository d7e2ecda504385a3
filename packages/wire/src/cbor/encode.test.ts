import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Malformed } from '../reading/cursor.ts'
import { decodeCbor } from './decode.ts'
import { encodeCbor } from './encode.ts'
import { CborTimestamp } from './timestamp.ts'
import { CborWriter } from './write.ts'

const hexOf = (value: unknown): string => Buffer.from(encodeCbor(value)).toString('hex')

test.each([
  [0, '00'],
  [23, '17'],
  [24, '1818'],
  [255, '18ff'],
  [256, '190100'],
  [65_535, '19ffff'],
  [65_536, '1a00010000'],
  [4_294_967_295, '1affffffff'],
  [4_294_967_296, '1b0000000100000000'],
  [Number.MAX_SAFE_INTEGER, '1b001fffffffffffff'],
  [2 ** 53, 'fb4340000000000000'],
  [-1, '20'],
  [-24, '37'],
  [-25, '3818'],
  [-4_294_967_296, '3affffffff'],
  [Number.MIN_SAFE_INTEGER, '3b001ffffffffffffe'],
  [-0, 'fb8000000000000000'],
  [1.1, 'fb3ff199999999999a'],
  [1e300, 'fb7e37e43c8800759c'],
  [Infinity, 'fb7ff0000000000000'],
  [Number.NaN, 'fb7ff8000000000000'],
  [false, 'f4'],
  [true, 'f5'],
  [null, 'f6'],
  ['', '60'],
  ['IETF', '6449455446'],
  ['水', '63e6b0b4'],
  ['\ud800', '63efbfbd'],
  [Uint8Array.of(1, 2, 3, 4), '4401020304'],
  [[1, [2, 3]], '8201820203'],
  [{ a: 1, b: [2, 3] }, 'a26161016162820203'],
  [{ a: undefined, b: null }, 'a16162f6'],
  [new CborTimestamp(1_363_896_240), 'c11a514b67b0'],
  [new CborTimestamp(1_363_896_240.5), 'c1fb41d452d9ec200000'],
])('%j is written in its shortest form', (value, hex) => {
  expect(hexOf(value)).toBe(hex)
})

test.each([[undefined], [[undefined]], [1n], [Symbol('x')], [() => 1]])('%s is a defect of ours', (value) => {
  expect(() => encodeCbor(value)).toThrow(TypeError)
  // The writer that was left half-way spoils nothing.
  expect(hexOf('a')).toBe('6161')
})

test('texts around the lengths at which their heads grow', () => {
  for (const unit of ['a', 'é', '水', '😀']) {
    for (const length of [7, 8, 23, 24, 63, 64, 85, 86, 127, 128, 255, 256, 21_845, 21_846, 65_535, 65_536]) {
      const text = unit.repeat(length)
      expect(decodeCbor(encodeCbor([text, 'end']))).toEqual([text, 'end'])
    }
  }
})

test('a large answer is written, and so is a small one after it', () => {
  const large = {
    blob: new Uint8Array(300_000).fill(7),
    list: Array.from({ length: 50_000 }, (_, index) => index * 1.5),
  }
  const written = encodeCbor(large)
  expect(decodeCbor(written)).toEqual(large)
  const first = encodeCbor({ a: 'first' })
  encodeCbor({ b: 'other' })
  expect(decodeCbor(first)).toEqual({ a: 'first' })
})

test('a long is written as an integer, and a double as a floating-point number, when it is said so', () => {
  const writer = new CborWriter()
  writer.list(4)
  writer.integer(2 ** 60)
  writer.integer(-(2 ** 63))
  writer.float(2)
  writer.float(-0)
  const written = writer.finish()
  expect(Buffer.from(written).toString('hex')).toBe(
    '841b10000000000000003b8000000000000000fb4000000000000000fb8000000000000000',
  )
  expect(decodeCbor(written)).toEqual([2 ** 60, -(2 ** 63), 2, -0])
})

const leaf = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  // Any code point; fast-check's own unit for that takes a second to be made.
  fc.array(fc.nat({ max: 0x10_ffff })).map((codes) => String.fromCodePoint(...codes).toWellFormed()),
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array(),
  fc.oneof(fc.integer(), fc.double({ noNaN: true })).map((seconds) => new CborTimestamp(seconds)),
)
const key = fc
  .oneof(fc.constantFrom('a', 'b', 'constructor', 'é', '1'), fc.string())
  .filter((name) => name !== '__proto__')
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie('tree'), { maxLength: 6 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 6, noNullPrototype: true }),
  ),
}))

test('what is written is read back', () => {
  fc.assert(
    fc.property(tree, (value) => {
      expect(isDeepStrictEqual(decodeCbor(encodeCbor(value)), value)).toBe(true)
    }),
    { seed: 41, numRuns: 1_000 },
  )
})

/** The head of an item in one of its forms: `form` asks for more bytes than are needed. */
function head(major: number, argument: number, form: number): Buffer {
  const shortest = argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : 4
  const size = Math.max(shortest, form)
  if (size === 0) return Buffer.of((major << 5) | argument)
  const bytes = Buffer.alloc(1 + size)
  bytes[0] = (major << 5) | (24 + Math.log2(size))
  if (size === 8) bytes.writeBigUInt64BE(BigInt(argument), 1)
  else bytes.writeUIntBE(argument, 1, size)
  return bytes
}

/** Writes what tests need in one of the many ways that mean the same, as `choices` say one after the other. */
function writeOtherwise(root: unknown, choices: readonly number[]): Buffer {
  let made = 0
  const choose = (count: number): number => (choices[made++ % choices.length] ?? 0) % count
  const form = (): number => [0, 1, 2, 4, 8][choose(5)] ?? 0
  const stop = Buffer.of(0xff)
  const string = (major: number, bytes: Uint8Array): Buffer => {
    if (choose(2) === 0) return Buffer.concat([head(major, bytes.length, form()), bytes])
    return Buffer.concat([
      Buffer.of((major << 5) | 31),
      head(major, 0, form()),
      head(major, bytes.length, form()),
      bytes,
      stop,
    ])
  }
  const several = (major: number, count: number, items: readonly Buffer[]): Buffer =>
    choose(2) === 0
      ? Buffer.concat([head(major, count, form()), ...items])
      : Buffer.concat([Buffer.of((major << 5) | 31), ...items, stop])
  const item = (value: unknown): Buffer => {
    if (typeof value === 'string') return string(3, Buffer.from(value))
    if (value instanceof Uint8Array) return string(2, value)
    if (value instanceof CborTimestamp) return Buffer.concat([head(6, 1, form()), item(value.seconds)])
    if (Array.isArray(value)) return several(4, value.length, value.map(item))
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32 && !Object.is(value, -0))
      return head(0, value, form())
    if (value === null) return Buffer.of([0xf6, 0xf7][choose(2)] ?? 0)
    if (typeof value !== 'object') return Buffer.from(encodeCbor(value))
    const entries = Object.entries(value)
    return several(
      5,
      entries.length,
      entries.flatMap(([name, content]) => [string(3, Buffer.from(name)), item(content)]),
    )
  }
  return item(root)
}
const choices = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 50 })

test('what is written in any of its ways is read back', () => {
  fc.assert(
    fc.property(tree, choices, (value, picks) => {
      expect(isDeepStrictEqual(decodeCbor(writeOtherwise(value, picks)), value)).toBe(true)
    }),
    { seed: 43, numRuns: 1_000 },
  )
})

function survive(bytes: Uint8Array): void {
  try {
    decodeCbor(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(Malformed)
  }
}

describe('no bytes make it throw anything but its own faults', () => {
  test('noise and changed items', () => {
    const changed = fc
      .tuple(tree, choices, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }))
      .map(([value, picks, changes]) => {
        const bytes = writeOtherwise(value, picks)
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        return bytes
      })
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), changed), survive), { seed: 47, numRuns: 2_000 })
  })

  test('a text cut short anywhere is refused', () => {
    fc.assert(
      fc.property(tree, choices, fc.nat(), (value, picks, at) => {
        const bytes = writeOtherwise(value, picks)
        expect(() => decodeCbor(bytes.subarray(0, at % bytes.length))).toThrow(Malformed)
      }),
      { seed: 53, numRuns: 1_000 },
    )
  })

  // Each is a megabyte that says it is, or would be, far more.
  test.each([
    ['nested lists', 0x81, 'nested deeper'],
    ['nested lists without an end', 0x9f, 'nested deeper'],
    ['nested maps', 0xa1, 'a key that is not text'],
    ['tags', 0xc1, 'a timestamp is not a number'],
    ['other tags', 0xc6, 'a tag is not 1'],
    ['long lists', 0x9b, 'it ends too early'],
    ['long strings', 0x7b, 'it ends too early'],
    ['pieces', 0x7f, 'of no known kind'],
  ])('%s', (_what, byte, message) => {
    expect(() => decodeCbor(new Uint8Array(1_100_000).fill(byte))).toThrow(message)
  })

  test.each([
    ['items', 0x9f, 0x00],
    ['empty maps', 0x9f, 0xa0],
    ['pieces', 0x7f, 0x60],
  ])('too many %s', (_what, start, item) => {
    const body = (count: number): Uint8Array => Uint8Array.of(start, ...new Uint8Array(count).fill(item), 0xff)
    expect(() => decodeCbor(body(1))).not.toThrow()
    const large = new Uint8Array(1_100_000).fill(item)
    large[0] = start
    expect(() => decodeCbor(large)).toThrow('more than 1000000 items')
  })
})
