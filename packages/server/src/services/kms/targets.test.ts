import { afterAll, beforeAll, expect, test } from 'vitest'
import { kmsParts } from '#services/kms/deps.ts'
import { pageTokens } from '#kernel/page-token.ts'
import { type KmsBench, openKmsBench } from '../../../../testkit/src/kms-bench.ts'

let bench: KmsBench
beforeAll(async () => {
  bench = await openKmsBench()
})
afterAll(() => bench.close())

const parts = () => kmsParts({ ...bench, tokens: pageTokens(Buffer.alloc(32, 1), bench.clock) })

test('what the gate found is what the handler gets, though the alias is moved between the two', async () => {
  const { targets } = parts()
  const [one, two] = [await bench.key(), await bench.key()]
  const AliasName = 'alias/moved'
  await bench.call('CreateAlias', { AliasName, TargetKeyId: one.KeyId })
  const input = { KeyId: AliasName }
  const ctx = bench.context()
  expect((await targets.meant(input, AliasName, ctx, 'Encrypt')).key.arn).toBe(one.Arn)
  await bench.call('UpdateAlias', { AliasName, TargetKeyId: two.KeyId })
  expect((await targets.of(input, AliasName, ctx, 'Encrypt')).key.arn).toBe(one.Arn)
  expect((await targets.of({ KeyId: AliasName }, AliasName, ctx, 'Encrypt')).key.arn).toBe(two.Arn)
  expect(targets.arnsOf(input)).toEqual([one.Arn])
})

test('a state that changes between the two is seen by the handler', async () => {
  const { targets } = parts()
  const { KeyId } = await bench.key()
  const input = { KeyId }
  expect((await targets.meant(input, KeyId, bench.context(), 'Encrypt')).key.state).toBe('Enabled')
  await bench.call('DisableKey', { KeyId })
  expect((await targets.of(input, KeyId, bench.context(), 'Encrypt')).key.state).toBe('Disabled')
})

test('looking for the key of a service stores nothing; using it does, once', async () => {
  const { targets } = parts()
  const input = { KeyId: 'alias/aws/sns' }
  const ctx = bench.context({ calledVia: ['sns.amazonaws.com'] })
  const meant = await targets.meant(input, input.KeyId, ctx, 'GenerateDataKey')
  expect(meant.prospect?.keyId).toBe(meant.key.keyId)
  expect(targets.arnsOf(input)).toEqual([])
  const stored = async () => (await bench.records.listAll('kms.alias')).map(({ key }) => key.id)
  expect(await stored()).not.toContain('alias/aws/sns')
  const made = await targets.of(input, input.KeyId, ctx, 'GenerateDataKey')
  expect(made).toMatchObject({ key: { arn: meant.key.arn, manager: 'AWS' } })
  expect(made).not.toHaveProperty('prospect')
  expect(await stored()).toContain('alias/aws/sns')
  const again = { KeyId: 'alias/aws/sns' }
  expect((await targets.of(again, again.KeyId, ctx, 'GenerateDataKey')).key.arn).toBe(made.key.arn)
})
