import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import { type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'

let bench: KmsBench
beforeAll(async () => {
  bench = await openKmsBench()
})
afterAll(() => bench.close())

const targetOf = async (name: string) => (await bench.call('DescribeKey', { KeyId: name })).KeyMetadata?.KeyId
const aliases = async (input: { readonly KeyId?: string } = {}) =>
  (await bench.call('ListAliases', input)).Aliases ?? []

test('an alias is made, moved, listed and deleted', async () => {
  const [one, two] = [await bench.key(), await bench.key()]
  const AliasName = 'alias/app/current'
  await bench.call('CreateAlias', { AliasName, TargetKeyId: one.Arn })
  const createdAt = bench.clock.now()
  expect(await aliases({ KeyId: one.KeyId })).toEqual([
    {
      AliasName,
      AliasArn: 'arn:aws:kms:eu-west-1:111122223333:alias/app/current',
      TargetKeyId: one.KeyId,
      CreationDate: createdAt,
      LastUpdatedDate: createdAt,
    },
  ])
  bench.clock.advance(5_000)
  await bench.call('UpdateAlias', { AliasName, TargetKeyId: two.KeyId })
  expect(await targetOf(AliasName)).toBe(two.KeyId)
  expect(await aliases({ KeyId: one.KeyId })).toEqual([])
  expect(await aliases({ KeyId: two.KeyId })).toMatchObject([
    { AliasName, CreationDate: createdAt, LastUpdatedDate: createdAt + 5_000 },
  ])
  await bench.call('DeleteAlias', { AliasName })
  await expect(targetOf(AliasName)).rejects.toMatchObject({ code: 'NotFoundException' })
  expect(await aliases({ KeyId: two.KeyId })).toEqual([])
})

test('a name is given once', async () => {
  const { KeyId } = await bench.key()
  const input = { AliasName: 'alias/once', TargetKeyId: KeyId }
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => bench.call('CreateAlias', input)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  await expect(bench.call('CreateAlias', input)).rejects.toMatchObject({
    code: 'AlreadyExistsException',
    message: 'An alias with the name arn:aws:kms:eu-west-1:111122223333:alias/once already exists',
  })
})

test.each([
  ['once', 'ValidationException'],
  ['alias/aws/s3', 'InvalidAliasNameException'],
  ['alias/a:b', 'InvalidAliasNameException'],
  ['alias/', 'InvalidAliasNameException'],
])('%s cannot be made, moved or deleted', async (AliasName, code) => {
  const { KeyId } = await bench.key()
  const input = { AliasName, TargetKeyId: KeyId }
  await expect(bench.call('CreateAlias', input)).rejects.toMatchObject({ code })
  await expect(bench.call('UpdateAlias', input)).rejects.toMatchObject({ code })
  await expect(bench.call('DeleteAlias', { AliasName })).rejects.toMatchObject({ code })
})

test('an alias stands for a key of its own account, never for another alias', async () => {
  const { KeyId, Arn } = await bench.key()
  await bench.call('CreateAlias', { AliasName: 'alias/first', TargetKeyId: KeyId })
  await expect(
    bench.call('CreateAlias', { AliasName: 'alias/second', TargetKeyId: 'alias/first' }),
  ).rejects.toMatchObject({ message: 'Aliases must refer to keys. Not aliases' })
  await expect(
    bench.call('CreateAlias', { AliasName: 'alias/x', TargetKeyId: Arn }, { account: accountId('444455556666') }),
  ).rejects.toMatchObject({ code: 'NotFoundException' })
})

test('an alias moves only to a key of its kind', async () => {
  const [symmetric, hmac] = [
    await bench.key(),
    await bench.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  ]
  await bench.call('CreateAlias', { AliasName: 'alias/kind', TargetKeyId: symmetric.KeyId })
  await expect(bench.call('UpdateAlias', { AliasName: 'alias/kind', TargetKeyId: hmac.KeyId })).rejects.toMatchObject({
    code: 'ValidationException',
  })
  expect(await targetOf('alias/kind')).toBe(symmetric.KeyId)
})

test('a key has fifty aliases at most, listed in pages by name', async () => {
  const { KeyId } = await bench.key()
  const names = Array.from({ length: 50 }, (_, index) => `alias/many/${String(index).padStart(2, '0')}`)
  for (const AliasName of names) await bench.call('CreateAlias', { AliasName, TargetKeyId: KeyId })
  await expect(bench.call('CreateAlias', { AliasName: 'alias/many/50', TargetKeyId: KeyId })).rejects.toMatchObject({
    code: 'LimitExceededException',
  })
  const seen: (string | undefined)[] = []
  let Marker: string | undefined
  do {
    const page = await bench.call('ListAliases', { KeyId, Limit: 20, ...(Marker === undefined ? {} : { Marker }) })
    seen.push(...(page.Aliases ?? []).map(({ AliasName }) => AliasName))
    Marker = page.NextMarker
  } while (Marker !== undefined)
  expect(seen).toEqual(names)
})

const service: Principal = {
  kind: 'service',
  account: accountId('111122223333'),
  service: 'mq.amazonaws.com',
  sourceArn: 'arn:aws:mq:eu-west-1:111122223333:broker:b:b-1',
  sourceAccount: accountId('111122223333'),
}

test('the key of a service is made when the service first comes, and only once', async () => {
  const input = { KeyId: 'alias/aws/mq', KeySpec: 'AES_256' } as const
  await expect(bench.call('GenerateDataKey', input)).rejects.toMatchObject({ code: 'NotFoundException' })
  await expect(bench.call('GenerateDataKey', input, { calledVia: ['s3.amazonaws.com'] })).rejects.toMatchObject({
    code: 'NotFoundException',
  })
  const made = await Promise.all([
    ...Array.from({ length: 5 }, () => bench.call('GenerateDataKey', input, { principal: service })),
    bench.call('GenerateDataKey', input, { calledVia: ['mq.amazonaws.com'] }),
  ])
  expect(new Set(made.map(({ KeyId }) => KeyId)).size).toBe(1)
  const { KeyMetadata } = await bench.call('DescribeKey', { KeyId: 'alias/aws/mq' })
  expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS', Arn: made[0]?.KeyId })
  expect(await bench.call('GetKeyRotationStatus', { KeyId: KeyMetadata?.KeyId ?? '' })).toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 365,
  })
  const { Policy = '' } = await bench.call('GetKeyPolicy', { KeyId: KeyMetadata?.KeyId ?? '' })
  expect(Policy).toContain('mq.eu-west-1.amazonaws.com')
})

test('describing the key of a service makes it as well; of no service there is none', async () => {
  const { KeyMetadata } = await bench.call('DescribeKey', { KeyId: 'alias/aws/s3' })
  expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS' })
  for (const KeyId of ['alias/aws/none', 'alias/aws/toString', 'alias/aws/constructor'])
    await expect(bench.call('DescribeKey', { KeyId })).rejects.toMatchObject({ code: 'NotFoundException' })
})
