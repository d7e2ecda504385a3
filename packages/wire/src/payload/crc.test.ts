import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32c } from './crc32c.ts'
import { crc64nvme } from './crc64nvme.ts'

const CHECK = Buffer.from('123456789')

function crc64Of(...pieces: readonly Uint8Array[]): bigint {
  const crc = { high: 0, low: 0 }
  for (const piece of pieces) crc64nvme(piece, crc)
  return (BigInt(crc.high >>> 0) << 32n) | BigInt(crc.low >>> 0)
}

/** A reflected CRC by its definition: bit by bit, all ones before and after. */
function byDefinition(bytes: Uint8Array, polynomial: bigint, ones: bigint): bigint {
  let crc = ones
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n
  }
  return crc ^ ones
}

test('the published check values', () => {
  expect(crc32c(CHECK)).toBe(0xe3069283)
  expect(crc64Of(CHECK)).toBe(0xae8b14860a799888n)
})

test('nothing has the CRC of nothing', () => {
  expect(crc32c(new Uint8Array())).toBe(0)
  expect(crc64Of()).toBe(0n)
  expect(crc64Of(new Uint8Array())).toBe(0n)
})

// Lengths around the eight bytes that are taken at once, and views that do not begin where their memory does.
const bytes = fc
  .tuple(fc.uint8Array({ maxLength: 70 }), fc.nat(9))
  .map(([all, skipped]) => all.subarray(Math.min(skipped, all.length)))

test('CRC-32C is what its definition says, however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 4 }), (pieces) => {
      const crc = pieces.reduce((before, piece) => crc32c(piece, before), 0)
      expect(BigInt(crc)).toBe(byDefinition(Buffer.concat(pieces), 0x82f63b78n, 0xffffffffn))
    }),
    { seed: 7, numRuns: 200 },
  )
})

test('CRC-64/NVME is what its definition says, however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 4 }), (pieces) => {
      expect(crc64Of(...pieces)).toBe(byDefinition(Buffer.concat(pieces), 0x9a6c9329ac4bc9b5n, 0xffffffffffffffffn))
    }),
    { seed: 7, numRuns: 200 },
  )
})

test('many bytes at once have the CRC-64/NVME that they have a few at a time', () => {
  // Around what is folded, what is folded at once, and the blocks that it goes by.
  const lengths = [8_191, 8_192, 8_193, 8_207, 8_208, 65_535, 65_536, 65_537, 73_727, 73_728, 200_001]
  const text = randomBytes(200_009)
  for (const length of lengths) {
    for (const skipped of [0, 1, 8]) {
      const whole = text.subarray(skipped, skipped + length)
      const pieces = Array.from({ length: Math.ceil(length / 1_000) }, (_, n) =>
        whole.subarray(n * 1_000, (n + 1) * 1_000),
      )
      expect(crc64Of(whole)).toBe(crc64Of(...pieces))
      expect(crc64Of(Buffer.from('before'), whole, CHECK, whole)).toBe(
        crc64Of(Buffer.from('before'), ...pieces, CHECK, ...pieces),
      )
    }
  }
})

test('the CRC-64/NVME of many bytes is what its definition says', () => {
  const text = randomBytes(66_000)
  expect(crc64Of(text)).toBe(byDefinition(text, 0x9a6c9329ac4bc9b5n, 0xffffffffffffffffn))
})
