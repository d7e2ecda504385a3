import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openVault } from '#services/kms/index.ts'
import { type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'

let bench: KmsBench
beforeAll(async () => {
  bench = await openKmsBench()
})
afterAll(() => bench.close())

const MATERIAL = randomBytes(32)
const ref = (keyId: string, version = 1) => ({
  place: { account: bench.account, region: bench.region },
  keyId,
  version,
})
const opened = (keyId: string, version = 1) =>
  bench.vault.withMaterial(ref(keyId, version), (bytes) => Buffer.from(bytes))
const unavailable = { code: 'KeyUnavailableException', status: 500 }

test('material opens as it was deposited, and is wiped after its use', async () => {
  await bench.records.commit([bench.vault.deposit(ref('one'), MATERIAL)])
  expect(await opened('one')).toEqual(MATERIAL)
  let held: Buffer = Buffer.of()
  await bench.vault.withMaterial(ref('one'), (bytes) => {
    held = bytes
  })
  expect(held).toEqual(Buffer.alloc(32))
  await expect(
    bench.vault.withMaterial(ref('one'), (bytes) => {
      held = bytes
      throw new Error('broken use')
    }),
  ).rejects.toThrow('broken use')
  expect(held).toEqual(Buffer.alloc(32))
})

test('material that was moved, changed or removed does not open', async () => {
  const change = bench.vault.deposit(ref('two'), MATERIAL)
  if (change.kind !== 'put') throw new Error('a deposit is a put')
  const { sealed } = change.value as { readonly sealed: string }
  const store = (id: string, value: unknown) =>
    bench.records.commit([{ kind: 'put', key: { ...change.key, id }, value }])
  await store('other/1', { sealed })
  await store('two/2', { sealed })
  await store('two/3', { sealed: `${sealed.slice(0, 30)}${sealed[30] === 'A' ? 'B' : 'A'}${sealed.slice(31)}` })
  for (const [keyId, version] of [
    ['other', 1],
    ['two', 2],
    ['two', 3],
    ['none', 1],
  ] as const)
    await expect(opened(keyId, version), `${keyId} ${String(version)}`).rejects.toMatchObject(unavailable)
  await bench.records.commit([{ ...change, key: { ...change.key, region: 'us-east-1' } }])
  const elsewhere = { ...ref('two'), place: { ...ref('two').place, region: 'us-east-1' as typeof bench.region } }
  await expect(bench.vault.withMaterial(elsewhere, () => 0)).rejects.toMatchObject(unavailable)
})

test('another root key is refused in a sentence, before anything is opened', async () => {
  await expect(openVault(bench.records, randomBytes(32))).rejects.toThrow(
    /the root key of KMS is not the one that the keys of this data directory were sealed with/,
  )
  await expect(openVault(bench.records, randomBytes(16))).rejects.toThrow(/16 bytes, but must have 32/)
})

test('tokens open for their purpose only', () => {
  const sealed = bench.vault.sealToken(Buffer.from('content'), 'one')
  expect(bench.vault.openToken(sealed, 'one').toString()).toBe('content')
  expect(() => bench.vault.openToken(sealed, 'two')).toThrow()
})

test('nothing that was sealed, and no material, stands in the files of the records', async () => {
  const planted = `planted-${randomBytes(12).toString('hex')}`
  const material = randomBytes(32)
  await bench.records.commit([bench.vault.deposit(ref('planted'), material)])
  const { KeyId } = await bench.key()
  await bench.call('Encrypt', { KeyId, Plaintext: Buffer.from(planted) })
  const { Plaintext = Buffer.of() } = await bench.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' })
  const own = await bench.vault.withMaterial(ref(KeyId), (bytes) => Buffer.from(bytes))
  const files = readdirSync(bench.directory).map((name) => readFileSync(join(bench.directory, name)))
  expect(files.some((bytes) => bytes.includes(KeyId))).toBe(true)
  for (const secret of [Buffer.from(planted), material, Buffer.from(Plaintext), own])
    for (const form of [secret, secret.toString('base64'), secret.toString('base64url'), secret.toString('hex')])
      expect(files.some((bytes) => bytes.includes(form))).toBe(false)
})
