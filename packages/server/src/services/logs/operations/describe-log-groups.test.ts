import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

const NAMES = ['/aws/b', '/aws/a', 'Zoo', 'app', 'app-1', 'app-2', 'app/x', 'zoo', '_u', '#h']
let bench: LogsBench
beforeAll(async () => {
  bench = openLogsBench()
  await Promise.all(NAMES.map((logGroupName) => bench.call('CreateLogGroup', { logGroupName })))
  await bench.call('CreateLogGroup', { logGroupName: 'cold', logGroupClass: 'INFREQUENT_ACCESS' })
  await bench.call('CreateLogGroup', { logGroupName: 'other' }, { account: accountId('444455556666') })
})
afterAll(() => bench.close())

const ascii = [...NAMES, 'cold'].toSorted()

async function allNames(input: LogsInput<'DescribeLogGroups'>): Promise<readonly string[]> {
  const names: string[] = []
  let nextToken: string | undefined
  do {
    const page = await bench.call('DescribeLogGroups', { ...input, nextToken })
    names.push(...(page.logGroups ?? []).map(({ logGroupName = '' }) => logGroupName))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return names
}

test('groups come in ASCII order of their names, whatever the page size', async () => {
  for (const limit of [1, 2, 3, 10, 11, 50]) expect(await allNames({ limit })).toEqual(ascii)
})

test('a prefix is case-sensitive; nothing found is an empty list', async () => {
  expect(await allNames({ logGroupNamePrefix: 'app' })).toEqual(['app', 'app-1', 'app-2', 'app/x'])
  expect(await allNames({ logGroupNamePrefix: 'z', limit: 1 })).toEqual(['zoo'])
  expect(await allNames({ logGroupNamePrefix: 'nothing' })).toEqual([])
})

test('a pattern is a case-sensitive part of the name, and nothing in it is special', async () => {
  expect(await allNames({ logGroupNamePattern: 'oo' })).toEqual(['Zoo', 'zoo'])
  expect(await allNames({ logGroupNamePattern: 'aws', limit: 1 })).toEqual(['/aws/a', '/aws/b'])
  expect(await allNames({ logGroupNamePattern: 'a.*' })).toEqual([])
  expect(await allNames({ logGroupNamePattern: '.' })).toEqual([])
})

test('a search by pattern leaves out size and protection, as AWS does', async () => {
  const { logGroups } = await bench.call('DescribeLogGroups', { logGroupNamePattern: 'zoo' })
  expect(logGroups?.[0]?.storedBytes).toBeUndefined()
  expect(logGroups?.[0]?.deletionProtectionEnabled).toBeUndefined()
  const { logGroups: byPrefix } = await bench.call('DescribeLogGroups', { logGroupNamePrefix: 'zoo' })
  expect(byPrefix?.[0]).toMatchObject({ storedBytes: 0, deletionProtectionEnabled: false })
})

test('any pages of any search together are what a plain search finds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('', 'a', 'app', 'app-', 'z', '/'),
      fc.constantFrom('prefix', 'pattern'),
      async (limit, text, by) => {
        const input = by === 'prefix' ? { logGroupNamePrefix: text } : { logGroupNamePattern: text }
        const want = ascii.filter((name) => (by === 'prefix' ? name.startsWith(text) : name.includes(text)))
        expect(await allNames({ ...input, limit })).toEqual(want)
      },
    ),
    { numRuns: 30 },
  )
})

test('prefix and pattern exclude each other', async () => {
  await expect(
    bench.call('DescribeLogGroups', { logGroupNamePrefix: 'a', logGroupNamePattern: 'b' }),
  ).rejects.toMatchObject({
    code: 'InvalidParameterException',
    message: 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
  })
})

test('groups can be asked for by class, by name and by ARN', async () => {
  expect(await allNames({ logGroupClass: 'INFREQUENT_ACCESS' })).toEqual(['cold'])
  const arn = `arn:aws:logs:${bench.region}:${bench.account}:log-group:zoo`
  expect(
    await allNames({ logGroupIdentifiers: [arn, 'app', 'missing', arn.replace('111122223333', '444455556666')] }),
  ).toEqual(['app', 'zoo'])
  for (const limit of [1, 2]) {
    expect(await allNames({ logGroupIdentifiers: ['zoo', 'app', arn, 'app-1', 'cold'], limit })).toEqual([
      'app',
      'app-1',
      'cold',
      'zoo',
    ])
  }
  expect(await allNames({ logGroupIdentifiers: ['app', 'cold'], logGroupClass: 'STANDARD' })).toEqual(['app'])
  await expect(allNames({ logGroupIdentifiers: ['app'], logGroupNamePrefix: 'a' })).rejects.toThrow(
    /cannot be combined/,
  )
})

test('only the groups of the own account are seen', async () => {
  expect(await allNames({ includeLinkedAccounts: true })).not.toContain('other')
  expect(await allNames({ accountIdentifiers: ['444455556666'], includeLinkedAccounts: true })).toEqual([])
  expect(await allNames({ accountIdentifiers: [bench.account] })).toEqual(ascii)
})

test('a token is good for the same search only', async () => {
  const { nextToken } = await bench.call('DescribeLogGroups', { limit: 1 })
  const invalid = { code: 'InvalidParameterException', message: 'The specified nextToken is invalid.' }
  await expect(bench.call('DescribeLogGroups', { nextToken, logGroupNamePrefix: 'a' })).rejects.toMatchObject(invalid)
  await expect(bench.call('DescribeLogGroups', { nextToken: 'x' })).rejects.toMatchObject(invalid)
  await expect(
    bench.call('DescribeLogGroups', { nextToken }, { account: accountId('444455556666') }),
  ).rejects.toMatchObject(invalid)
})
