import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeAll(async () => {
  bench = openLogsBench()
  for (const logGroupName of ['/aws/mq/a', '/aws/mq/b', 'my/aws/x', 'app-1', 'App-2']) {
    await bench.call('CreateLogGroup', { logGroupName, tags: { team: logGroupName.includes('mq') ? 'mq' : 'x' } })
  }
  await bench.call('CreateLogGroup', { logGroupName: 'cold', logGroupClass: 'INFREQUENT_ACCESS' })
  await bench.call('CreateLogGroup', { logGroupName: 'other' }, { account: accountId('444455556666') })
})
afterAll(() => bench.close())

async function names(input: LogsInput<'ListLogGroups'> = {}): Promise<readonly string[]> {
  const found: string[] = []
  let nextToken: string | undefined
  do {
    const page = await bench.call('ListLogGroups', { ...input, nextToken })
    found.push(...(page.logGroups ?? []).map(({ logGroupName = '' }) => logGroupName))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return found
}

test('a group is listed with name, ARN and class, and nothing else', async () => {
  const { logGroups } = await bench.call('ListLogGroups', { logGroupNamePattern: 'cold' })
  expect(logGroups).toEqual([
    {
      logGroupName: 'cold',
      logGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:cold',
      logGroupClass: 'INFREQUENT_ACCESS',
    },
  ])
})

test('groups come in ASCII order, whatever the page size, and only those of the account', async () => {
  const all = ['/aws/mq/a', '/aws/mq/b', 'App-2', 'app-1', 'cold', 'my/aws/x']
  for (const limit of [1, 4, 6, 50]) expect(await names({ limit })).toEqual(all)
  expect(await names({ accountIdentifiers: ['444455556666'], includeLinkedAccounts: true })).toEqual([])
})

test.each([
  { pattern: '/aws', want: ['/aws/mq/a', '/aws/mq/b', 'my/aws/x'] },
  { pattern: '^/aws', want: ['/aws/mq/a', '/aws/mq/b'] },
  { pattern: '^app|old', want: ['app-1', 'cold'] },
  { pattern: '^App|^my/', want: ['App-2', 'my/aws/x'] },
  { pattern: 'a.p', want: [] },
])('the name pattern $pattern finds $want', async ({ pattern, want }) => {
  expect(await names({ logGroupNamePattern: pattern })).toEqual(want)
})

test.each(['ab', 'a'.repeat(25), 'abc|', '|abc', 'abc$', 'a b c', '(abc)', 'aaa|bbb|ccc|ddd|eee|fff'])(
  'the name pattern %s is none',
  async (logGroupNamePattern) => {
    await expect(names({ logGroupNamePattern })).rejects.toMatchObject({ code: 'InvalidParameterException' })
  },
)

test('class and tags narrow the list; nothing has data sources or indexes', async () => {
  expect(await names({ logGroupClass: 'INFREQUENT_ACCESS' })).toEqual(['cold'])
  expect(await names({ logGroupTags: [{ key: 'team', values: ['mq', 'y'] }] })).toEqual(['/aws/mq/a', '/aws/mq/b'])
  expect(await names({ logGroupTags: [{ key: 'team' }] })).toHaveLength(5)
  expect(await names({ logGroupTags: [{ key: 'constructor' }] })).toEqual([])
  expect(await names({ dataSources: [{ name: 'x' }] })).toEqual([])
  expect(await names({ fieldIndexNames: ['x'] })).toEqual([])
})

test('a token is good for the same search only', async () => {
  const { nextToken } = await bench.call('ListLogGroups', { limit: 1 })
  await expect(bench.call('ListLogGroups', { nextToken, logGroupNamePattern: 'app' })).rejects.toThrow(
    'The specified nextToken is invalid.',
  )
})
