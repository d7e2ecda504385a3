import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importMaterial } from '#services/kms/testing/import-material.ts'
import { type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'

let bench: KmsBench
beforeAll(async () => {
  bench = await openKmsBench()
})
afterAll(() => bench.close())

const SPECS = [
  ['HMAC_224', 'HMAC_SHA_224', 28],
  ['HMAC_256', 'HMAC_SHA_256', 32],
  ['HMAC_384', 'HMAC_SHA_384', 48],
  ['HMAC_512', 'HMAC_SHA_512', 64],
] as const
const KeyUsage = 'GENERATE_VERIFY_MAC'

describe.each(SPECS)('%s', (KeySpec, MacAlgorithm, bytes) => {
  test('verifies what it made, and nothing else', async () => {
    const { KeyId, Arn } = await bench.key({ KeySpec, KeyUsage })
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 4_096 }),
        fc.nat(bytes * 8 - 1),
        async (Message, bit) => {
          const { Mac = Buffer.of() } = await bench.call('GenerateMac', { KeyId, Message, MacAlgorithm })
          expect(Mac).toHaveLength(bytes)
          expect(await bench.call('VerifyMac', { KeyId, Message, MacAlgorithm, Mac })).toEqual({
            KeyId: Arn,
            MacValid: true,
            MacAlgorithm,
          })
          const changed = Buffer.from(Mac)
          changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          await expect(bench.call('VerifyMac', { KeyId, Message, MacAlgorithm, Mac: changed })).rejects.toMatchObject({
            code: 'KMSInvalidMacException',
          })
        },
      ),
      { seed: 31, numRuns: 10 },
    )
  })

  test('is the HMAC that everybody else computes', async () => {
    const { KeyId } = await bench.key({ KeySpec, KeyUsage, Origin: 'EXTERNAL' })
    const material = Buffer.alloc(bytes, 0x0b)
    await importMaterial(bench, KeyId, material)
    const Message = Buffer.from('what do ya want for nothing?')
    const { Mac } = await bench.call('GenerateMac', { KeyId, Message, MacAlgorithm })
    const hash = MacAlgorithm.replace('HMAC_SHA_', 'sha')
    expect(Buffer.from(Mac ?? [])).toEqual(createHmac(hash, material).update(Message).digest())
  })
})

test('a known answer: 32 bytes 0x0b over "Hi There", SHA-256', async () => {
  const { KeyId } = await bench.key({ KeySpec: 'HMAC_256', KeyUsage, Origin: 'EXTERNAL' })
  await importMaterial(bench, KeyId, Buffer.alloc(32, 0x0b))
  const { Mac } = await bench.call('GenerateMac', {
    KeyId,
    Message: Buffer.from('Hi There'),
    MacAlgorithm: 'HMAC_SHA_256',
  })
  expect(Buffer.from(Mac ?? []).toString('hex')).toBe(
    '198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7',
  )
})

test('a key has one algorithm, and one purpose', async () => {
  const { KeyId } = await bench.key({ KeySpec: 'HMAC_256', KeyUsage })
  const Message = Buffer.from('x')
  await expect(bench.call('GenerateMac', { KeyId, Message, MacAlgorithm: 'HMAC_SHA_512' })).rejects.toMatchObject({
    code: 'InvalidKeyUsageException',
  })
  const symmetric = await bench.key()
  await expect(
    bench.call('GenerateMac', { KeyId: symmetric.KeyId, Message, MacAlgorithm: 'HMAC_SHA_256' }),
  ).rejects.toMatchObject({ code: 'InvalidKeyUsageException' })
  await expect(
    bench.call('GenerateMac', { KeyId, Message, MacAlgorithm: 'HMAC_SHA_256', DryRun: true }),
  ).rejects.toMatchObject({ code: 'DryRunOperationException' })
})
