import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { makeDigest } from '@sluice/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checksumOfParts, kindOf } from '#services/s3/bodies/checksums.ts'
import { crcCombine } from '#services/s3/bodies/crc-combine.ts'
import type { ChecksumName, ObjectPart } from '#services/s3/catalog/object-version.ts'

test('the CRC-32 of two texts is that of the text which they make', () => {
  const combine = crcCombine(0xed_b8_83_20n, 32)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (one, other) => {
      const whole = crc32(Buffer.concat([one, other]))
      expect(combine(BigInt(crc32(one)), BigInt(crc32(other)), other.length)).toBe(BigInt(whole))
    }),
    { seed: 2 },
  )
})

const base64 = (algorithm: ChecksumName, bytes: Uint8Array): string => {
  const digest = makeDigest(algorithm.toLowerCase() as 'crc32')
  digest.update(bytes)
  return digest.digest().toString('base64')
}

test.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)('%s of a whole is worked out from its parts', (algorithm) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 6 }), (sizes) => {
      const bodies = sizes.map((size) => randomBytes(size))
      const parts = bodies.map((body, index): ObjectPart => ({
        number: index + 1,
        blob: { id: 'x', length: body.length },
        checksum: { algorithm, type: 'FULL_OBJECT', value: base64(algorithm, body) },
      }))
      const whole = checksumOfParts(parts, algorithm, 'FULL_OBJECT')
      expect(whole?.value).toBe(base64(algorithm, Buffer.concat(bodies)))
    }),
    { seed: 4, numRuns: 40 },
  )
})

test('without a checksum of every part there is none of the whole', () => {
  const part: ObjectPart = { number: 1, blob: { id: 'x', length: 1 } }
  expect(checksumOfParts([part], 'CRC32', 'FULL_OBJECT')).toBeUndefined()
})

test('ten thousand parts take no longer than a moment of arithmetic', () => {
  const parts = Array.from({ length: 10_000 }, (_, index): ObjectPart => ({
    number: index + 1,
    blob: { id: 'x', length: 5_242_880 },
    checksum: { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', value: 'AAAAAAAAAAA=' },
  }))
  expect(checksumOfParts(parts, 'CRC64NVME', 'FULL_OBJECT')?.value).toBe('AAAAAAAAAAA=')
})

test.each([
  ['CRC64NVME', undefined, 'FULL_OBJECT'],
  ['CRC32', undefined, 'COMPOSITE'],
  ['CRC32C', 'FULL_OBJECT', 'FULL_OBJECT'],
  ['SHA256', undefined, 'COMPOSITE'],
] as const)('%s asked as %s is %s', (algorithm, asked, kind) => {
  expect(kindOf(algorithm, asked)).toBe(kind)
})
