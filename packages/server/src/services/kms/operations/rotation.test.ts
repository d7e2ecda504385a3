import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY_MILLIS, type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'

let bench: KmsBench
beforeAll(async () => {
  bench = await openKmsBench()
})
afterAll(() => bench.close())

const status = (KeyId: string) => bench.call('GetKeyRotationStatus', { KeyId })
const rotations = async (KeyId: string) => (await bench.call('ListKeyRotations', { KeyId })).Rotations ?? []
const seal = async (KeyId: string, text: string) =>
  (await bench.call('Encrypt', { KeyId, Plaintext: Buffer.from(text) })).CiphertextBlob
const open = async (CiphertextBlob: Uint8Array | undefined) => {
  const { Plaintext, KeyMaterialId } = await bench.call('Decrypt', { CiphertextBlob })
  return { text: Buffer.from(Plaintext ?? []).toString(), KeyMaterialId }
}
const current = async (KeyId: string) => (await bench.call('DescribeKey', { KeyId })).KeyMetadata?.CurrentKeyMaterialId

test('a key rotates on the platform’s clock, and goes on opening what it sealed before', async () => {
  const { KeyId } = await bench.key()
  expect(await status(KeyId)).toEqual({ KeyId, KeyRotationEnabled: false })
  await bench.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  const due = bench.clock.now() + 90 * DAY_MILLIS
  expect(await status(KeyId)).toEqual({
    KeyId,
    KeyRotationEnabled: true,
    RotationPeriodInDays: 90,
    NextRotationDate: due,
  })
  const [first, before] = [await current(KeyId), await seal(KeyId, 'before')]
  bench.clock.advance(90 * DAY_MILLIS - 1)
  expect(await current(KeyId)).toBe(first)
  bench.clock.advance(1)
  const second = await current(KeyId)
  expect(second).not.toBe(first)
  expect(await open(before)).toEqual({ text: 'before', KeyMaterialId: first })
  expect(await open(await seal(KeyId, 'after'))).toEqual({ text: 'after', KeyMaterialId: second })
  expect(await rotations(KeyId)).toEqual([
    { KeyId, KeyMaterialId: second, KeyMaterialState: 'CURRENT', RotationDate: due, RotationType: 'AUTOMATIC' },
  ])
  expect(await status(KeyId)).toMatchObject({ NextRotationDate: due + 90 * DAY_MILLIS })
})

test('the sweep rotates keys that nobody asks for', async () => {
  const { KeyId } = await bench.key()
  await bench.call('EnableKeyRotation', { KeyId })
  bench.clock.advance(365 * DAY_MILLIS)
  await bench.sweep(bench.clock.now())
  const materials = (await bench.records.listAll('kms.material')).filter(({ key }) => key.id.startsWith(KeyId))
  expect(materials).toHaveLength(2)
})

test('calls at the moment of a rotation make one new material', async () => {
  const { KeyId } = await bench.key()
  await bench.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 100 })
  bench.clock.advance(100 * DAY_MILLIS)
  await Promise.all(Array.from({ length: 10 }, () => seal(KeyId, 'x')))
  expect(await rotations(KeyId)).toHaveLength(1)
})

test('a disabled key rotates once it is enabled again', async () => {
  const { KeyId } = await bench.key()
  await bench.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  await bench.call('DisableKey', { KeyId })
  bench.clock.advance(91 * DAY_MILLIS)
  expect(await rotations(KeyId)).toEqual([])
  await bench.call('EnableKey', { KeyId })
  expect(await rotations(KeyId)).toHaveLength(1)
})

test('rotation is switched off, and its period changed', async () => {
  const { KeyId } = await bench.key()
  await bench.call('EnableKeyRotation', { KeyId })
  expect(await status(KeyId)).toMatchObject({ RotationPeriodInDays: 365 })
  const since = bench.clock.now()
  bench.clock.advance(DAY_MILLIS)
  await bench.call('EnableKeyRotation', { KeyId })
  expect(await status(KeyId)).toMatchObject({ NextRotationDate: since + 365 * DAY_MILLIS })
  await bench.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 200 })
  expect(await status(KeyId)).toMatchObject({ NextRotationDate: bench.clock.now() + 200 * DAY_MILLIS })
  await bench.call('DisableKeyRotation', { KeyId })
  expect(await status(KeyId)).toEqual({ KeyId, KeyRotationEnabled: false })
  bench.clock.advance(400 * DAY_MILLIS)
  expect(await rotations(KeyId)).toEqual([])
})

describe('on demand', () => {
  test('a key rotates at once, up to 25 times, and every material goes on opening', async () => {
    const { KeyId } = await bench.key()
    const sealed = [await seal(KeyId, 'v1')]
    for (let count = 0; count < 25; count += 1) {
      expect(await bench.call('RotateKeyOnDemand', { KeyId })).toEqual({ KeyId })
      sealed.push(await seal(KeyId, `v${String(count + 2)}`))
    }
    await expect(bench.call('RotateKeyOnDemand', { KeyId })).rejects.toMatchObject({ code: 'LimitExceededException' })
    for (const [index, blob] of sealed.entries())
      expect(await open(blob)).toMatchObject({ text: `v${String(index + 1)}` })
    const all = await bench.call('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
    expect(all.Rotations).toHaveLength(26)
    expect(all.Rotations?.[0]).not.toHaveProperty('RotationDate')
    expect(all.Rotations?.map(({ KeyMaterialState }) => KeyMaterialState).filter((one) => one === 'CURRENT')).toEqual([
      'CURRENT',
    ])
    const page = await bench.call('ListKeyRotations', { KeyId, Limit: 24 })
    expect(page).toMatchObject({ Truncated: true })
    expect(await bench.call('ListKeyRotations', { KeyId, Limit: 24, Marker: page.NextMarker })).toMatchObject({
      Rotations: [{ RotationType: 'ON_DEMAND' }],
      Truncated: false,
    })
  })

  test('the next automatic rotation stays when it was', async () => {
    const { KeyId } = await bench.key()
    await bench.call('EnableKeyRotation', { KeyId })
    const { NextRotationDate } = await status(KeyId)
    bench.clock.advance(DAY_MILLIS)
    await bench.call('RotateKeyOnDemand', { KeyId })
    expect(await status(KeyId)).toMatchObject({ NextRotationDate })
  })
})

test.each([
  { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' },
  { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
] as const)('a key of $KeySpec does not rotate', async (input) => {
  const { KeyId } = await bench.key(input)
  const unsupported = { code: 'UnsupportedOperationException' }
  await expect(bench.call('EnableKeyRotation', { KeyId })).rejects.toMatchObject(unsupported)
  await expect(bench.call('DisableKeyRotation', { KeyId })).rejects.toMatchObject(unsupported)
  await expect(bench.call('RotateKeyOnDemand', { KeyId })).rejects.toMatchObject(unsupported)
  await expect(bench.call('ListKeyRotations', { KeyId })).rejects.toMatchObject(unsupported)
  expect(await status(KeyId)).toEqual({ KeyId, KeyRotationEnabled: false })
})

test('a key that waits for its end is said not to rotate', async () => {
  const { KeyId } = await bench.key()
  await bench.call('EnableKeyRotation', { KeyId })
  await bench.call('ScheduleKeyDeletion', { KeyId })
  expect(await status(KeyId)).toEqual({ KeyId, KeyRotationEnabled: false })
})
