import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import { type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'

let bench: KmsBench
beforeAll(async () => {
  bench = await openKmsBench()
})
afterAll(() => bench.close())

const SECRET = Buffer.from('a plaintext that nobody may find')
const seal = async (KeyId: string, EncryptionContext: Record<string, string> = {}, Plaintext: Uint8Array = SECRET) =>
  (await bench.call('Encrypt', { KeyId, Plaintext, EncryptionContext })).CiphertextBlob ?? Buffer.of()
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString()

describe('a symmetric key', () => {
  test('opens what it sealed, and the ciphertext says whose it is', async () => {
    const { KeyId, Arn } = await bench.key()
    const answer = await bench.call('Encrypt', { KeyId, Plaintext: SECRET })
    expect(answer).toMatchObject({ KeyId: Arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })
    expect(text(answer.CiphertextBlob)).not.toContain('plaintext')
    const opened = await bench.call('Decrypt', { CiphertextBlob: answer.CiphertextBlob })
    expect(opened).toMatchObject({ KeyId: Arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })
    expect(opened.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/)
    expect(text(opened.Plaintext)).toBe(SECRET.toString())
  })

  test('seals the same plaintext differently every time', async () => {
    const { KeyId } = await bench.key()
    expect(await seal(KeyId)).not.toEqual(await seal(KeyId))
  })

  test('opens under the very encryption context only, in whatever order', async () => {
    const { KeyId } = await bench.key()
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 4, noNullPrototype: true }),
        fc.uint8Array({ minLength: 1, maxLength: 4_096 }),
        fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 4, noNullPrototype: true }),
        async (context, plaintext, other) => {
          const CiphertextBlob = await seal(KeyId, context, plaintext)
          const EncryptionContext = Object.fromEntries(Object.entries(context).toReversed())
          const { Plaintext } = await bench.call('Decrypt', { CiphertextBlob, EncryptionContext })
          expect(Buffer.from(Plaintext ?? [])).toEqual(Buffer.from(plaintext))
          if (!isDeepStrictEqual(other, context))
            await expect(bench.call('Decrypt', { CiphertextBlob, EncryptionContext: other })).rejects.toMatchObject({
              code: 'InvalidCiphertextException',
            })
        },
      ),
      { seed: 11, numRuns: 50 },
    )
  })

  test('no pair of contexts that read alike when put together is mixed up', async () => {
    const { KeyId } = await bench.key()
    const CiphertextBlob = await seal(KeyId, { a: 'bc' })
    for (const EncryptionContext of [{ ab: 'c' }, { a: 'b', c: '' }, { A: 'bc' }, { a: 'BC' }, { a: 'bc', d: '' }, {}])
      await expect(bench.call('Decrypt', { CiphertextBlob, EncryptionContext })).rejects.toMatchObject({
        code: 'InvalidCiphertextException',
      })
  })

  test('no changed byte of a ciphertext opens, and none cut off or added', async () => {
    const { KeyId } = await bench.key()
    const blob = Buffer.from(await seal(KeyId, { team: 'orders' }))
    const open = (CiphertextBlob: Uint8Array, named = {}) =>
      bench.call('Decrypt', { CiphertextBlob, EncryptionContext: { team: 'orders' }, ...named })
    for (let at = 0; at < blob.length; at += 1) {
      const changed = Buffer.from(blob)
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      await expect(open(changed), `byte ${String(at)}`).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:InvalidCiphertextException|AccessDeniedException)$/),
      })
      await expect(open(changed, { KeyId }), `byte ${String(at)}`).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:InvalidCiphertextException|IncorrectKeyException)$/),
      })
      await expect(open(blob.subarray(0, at))).rejects.toMatchObject({ code: 'InvalidCiphertextException' })
    }
    await expect(open(Buffer.concat([blob, Buffer.of(0)]))).rejects.toMatchObject({
      code: 'InvalidCiphertextException',
    })
    expect(text((await open(blob)).Plaintext)).toBe(SECRET.toString())
  })

  test('a ciphertext of another key of the account is not this one’s', async () => {
    const [one, two] = [await bench.key(), await bench.key()]
    const CiphertextBlob = await seal(one.KeyId)
    await expect(bench.call('Decrypt', { CiphertextBlob, KeyId: two.KeyId })).rejects.toMatchObject({
      code: 'IncorrectKeyException',
      message: 'The key ID in the request does not identify a CMK that can perform this operation.',
    })
  })

  test('its ciphertext opens nowhere else', async () => {
    const { KeyId } = await bench.key()
    const CiphertextBlob = await seal(KeyId)
    await expect(bench.call('Decrypt', { CiphertextBlob }, { region: region('us-east-1') })).rejects.toMatchObject({
      code: 'AccessDeniedException',
      status: 400,
      message:
        'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    })
  })

  test.each([
    ['nothing that KMS sealed', Buffer.from('hello')],
    ['one byte', Buffer.of(1)],
  ])('%s is no ciphertext', async (_name, CiphertextBlob) => {
    await expect(bench.call('Decrypt', { CiphertextBlob })).rejects.toMatchObject({
      code: 'InvalidCiphertextException',
    })
  })

  test('a dry run tells whether it would have worked, and does nothing', async () => {
    const { KeyId } = await bench.key()
    const dry = { code: 'DryRunOperationException', status: 412 }
    await expect(bench.call('Encrypt', { KeyId, Plaintext: SECRET, DryRun: true })).rejects.toMatchObject(dry)
    const CiphertextBlob = await seal(KeyId)
    await expect(bench.call('Decrypt', { CiphertextBlob, DryRun: true })).rejects.toMatchObject(dry)
    await expect(
      bench.call('Decrypt', { KeyId, DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }),
    ).rejects.toMatchObject(dry)
    await expect(bench.call('Decrypt', { CiphertextBlob: Buffer.of(1, 2), KeyId, DryRun: true })).rejects.toMatchObject(
      {
        code: 'InvalidCiphertextException',
      },
    )
    await bench.call('DisableKey', { KeyId })
    await expect(bench.call('Encrypt', { KeyId, Plaintext: SECRET, DryRun: true })).rejects.toMatchObject({
      code: 'DisabledException',
    })
  })

  test('is named by id, ARN, alias and alias ARN', async () => {
    const { KeyId, Arn } = await bench.key()
    await bench.call('CreateAlias', { AliasName: 'alias/app/orders', TargetKeyId: KeyId })
    for (const named of [KeyId, Arn, 'alias/app/orders', 'arn:aws:kms:eu-west-1:111122223333:alias/app/orders'])
      expect(await bench.call('Encrypt', { KeyId: named, Plaintext: SECRET })).toMatchObject({ KeyId: Arn })
  })

  test.each([
    ['1234', 'NotFoundException', "Invalid keyId '1234'"],
    [
      '12345678-1234-1234-1234-123456789012',
      'NotFoundException',
      "Key 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012' does not exist",
    ],
    ['alias/none', 'NotFoundException', 'Alias arn:aws:kms:eu-west-1:111122223333:alias/none is not found.'],
    ['arn:aws:kms:us-east-1:111122223333:alias/none', 'NotFoundException', 'Invalid arn us-east-1'],
    ['arn:aws:s3:::bucket', 'InvalidArnException', /does not name a KMS key/],
    ['arn:aws:kms:eu-west-1:1:key/x', 'InvalidArnException', /does not name a KMS key/],
    ['arn:aws:kms:eu-west-1:999988887777:alias/none', 'AccessDeniedException', /does not exist in this Region/],
  ])('%s is no key', async (KeyId, code, message) => {
    await expect(bench.call('Encrypt', { KeyId, Plaintext: SECRET })).rejects.toThrow(
      expect.objectContaining({
        code,
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      }),
    )
  })

  test('a key of another account is used by its ARN', async () => {
    const { KeyId, Arn } = await bench.key()
    const other = { account: accountId('444455556666') }
    const { CiphertextBlob } = await bench.call('Encrypt', { KeyId: Arn, Plaintext: SECRET }, other)
    expect(text((await bench.call('Decrypt', { CiphertextBlob }, other)).Plaintext)).toBe(SECRET.toString())
    await expect(bench.call('Encrypt', { KeyId, Plaintext: SECRET }, other)).rejects.toMatchObject({
      code: 'NotFoundException',
    })
  })
})

describe('an RSA key', () => {
  const rsa = { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' } as const

  test('opens what it sealed with the same algorithm, up to its room', async () => {
    const { KeyId } = await bench.key(rsa)
    for (const [EncryptionAlgorithm, room] of [
      ['RSAES_OAEP_SHA_1', 214],
      ['RSAES_OAEP_SHA_256', 190],
    ] as const) {
      const Plaintext = Buffer.alloc(room, 7)
      const { CiphertextBlob } = await bench.call('Encrypt', { KeyId, Plaintext, EncryptionAlgorithm })
      const opened = await bench.call('Decrypt', { KeyId, CiphertextBlob, EncryptionAlgorithm })
      expect(Buffer.from(opened.Plaintext ?? [])).toEqual(Plaintext)
      expect(opened).not.toHaveProperty('KeyMaterialId')
      await expect(
        bench.call('Encrypt', { KeyId, Plaintext: Buffer.alloc(room + 1), EncryptionAlgorithm }),
      ).rejects.toMatchObject({
        code: 'ValidationException',
        message: `Algorithm ${EncryptionAlgorithm} and key spec RSA_2048 cannot encrypt data larger than ${String(room)} bytes.`,
      })
    }
  })

  test('needs its id, its algorithm, and no encryption context', async () => {
    const { KeyId } = await bench.key(rsa)
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256'
    const { CiphertextBlob } = await bench.call('Encrypt', { KeyId, Plaintext: SECRET, EncryptionAlgorithm })
    await expect(bench.call('Decrypt', { CiphertextBlob, EncryptionAlgorithm })).rejects.toMatchObject({
      code: 'InvalidCiphertextException',
    })
    await expect(
      bench.call('Decrypt', { KeyId, CiphertextBlob, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }),
    ).rejects.toMatchObject({ code: 'InvalidCiphertextException' })
    await expect(bench.call('Encrypt', { KeyId, Plaintext: SECRET })).rejects.toMatchObject({
      code: 'InvalidKeyUsageException',
      message: 'Algorithm SYMMETRIC_DEFAULT and key spec RSA_2048 are incompatible.',
    })
    await expect(
      bench.call('Encrypt', { KeyId, Plaintext: SECRET, EncryptionAlgorithm, EncryptionContext: { a: 'b' } }),
    ).rejects.toMatchObject({ code: 'ValidationException' })
  })
})

test('a key for something else does not encrypt', async () => {
  const { KeyId, Arn } = await bench.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  await expect(bench.call('Encrypt', { KeyId, Plaintext: SECRET })).rejects.toMatchObject({
    code: 'InvalidKeyUsageException',
    message: `${Arn} key usage is GENERATE_VERIFY_MAC which is not valid for Encrypt.`,
  })
})

test('after a restart everything opens as before', async () => {
  const { KeyId } = await bench.key()
  const CiphertextBlob = await seal(KeyId, { a: 'b' })
  const { service } = await bench.restarted()
  const opened = await service.operations.Decrypt?.({ CiphertextBlob, EncryptionContext: { a: 'b' } }, bench.context())
  expect(text(opened?.Plaintext)).toBe(SECRET.toString())
})
