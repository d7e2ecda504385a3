import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeEach(() => {
  bench = openLogsBench()
})
afterEach(() => bench.close())

const put = async (input: Partial<LogsInput<'PutQueryDefinition'>> = {}) =>
  (await bench.call('PutQueryDefinition', { name: 'errors', queryString: 'fields @message', ...input }))
    .queryDefinitionId ?? ''
const described = async (input: LogsInput<'DescribeQueryDefinitions'> = {}) =>
  (await bench.call('DescribeQueryDefinitions', input)).queryDefinitions ?? []
const notFound = { code: 'ResourceNotFoundException', status: 400 }

test('a saved query comes back as it was put', async () => {
  const id = await put({ logGroupNames: ['g'], parameters: [{ name: 'level', defaultValue: 'ERROR' }] })
  expect(id).toMatch(/^[0-9a-f-]{36}$/)
  expect(await described()).toEqual([
    {
      queryDefinitionId: id,
      name: 'errors',
      queryString: 'fields @message',
      queryLanguage: 'CWLI',
      lastModified: bench.clock.now(),
      logGroupNames: ['g'],
      parameters: [{ name: 'level', defaultValue: 'ERROR' }],
    },
  ])
})

test('an id replaces all members, and must be there', async () => {
  const id = await put({ logGroupNames: ['g'] })
  bench.clock.advance(1_000)
  expect(await put({ queryDefinitionId: id, name: 'renamed', queryLanguage: 'SQL' })).toBe(id)
  expect(await described()).toEqual([
    {
      queryDefinitionId: id,
      name: 'renamed',
      queryString: 'fields @message',
      queryLanguage: 'SQL',
      lastModified: bench.clock.now(),
      logGroupNames: [],
    },
  ])
  await expect(put({ queryDefinitionId: 'none' })).rejects.toMatchObject(notFound)
  const elsewhere = { account: accountId('444455556666') }
  await expect(
    bench.call('PutQueryDefinition', { name: 'n', queryString: 'q', queryDefinitionId: id }, elsewhere),
  ).rejects.toMatchObject(notFound)
})

test('a repeated client token makes no second query, another one does', async () => {
  const clientToken = 'a'.repeat(36)
  const id = await put({ clientToken })
  expect(await put({ clientToken })).toBe(id)
  expect(await put({ clientToken: 'b'.repeat(36) })).not.toBe(id)
  expect(await put()).not.toBe(await put())
  expect(await described()).toHaveLength(4)
})

test('queries come by name, a page at a time, by prefix and language', async () => {
  for (const name of ['b', 'a/x', 'a/y', 'B']) await put({ name })
  await put({ name: 'a/z', queryLanguage: 'PPL' })
  const names: string[] = []
  let nextToken: string | undefined
  do {
    const page = await bench.call('DescribeQueryDefinitions', { maxResults: 2, nextToken })
    names.push(...(page.queryDefinitions ?? []).map(({ name = '' }) => name))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  expect(names).toEqual(['B', 'a/x', 'a/y', 'a/z', 'b'])
  expect(await described({ queryDefinitionNamePrefix: 'a/' })).toHaveLength(3)
  expect(await described({ queryLanguage: 'PPL' })).toHaveLength(1)
})

test('a query can be deleted once', async () => {
  const id = await put()
  expect(await bench.call('DeleteQueryDefinition', { queryDefinitionId: id })).toEqual({ success: true })
  await expect(bench.call('DeleteQueryDefinition', { queryDefinitionId: id })).rejects.toMatchObject(notFound)
  await expect(bench.call('DeleteQueryDefinition', { queryDefinitionId: '' })).rejects.toMatchObject(notFound)
  expect(await described()).toEqual([])
})

test('parameters have names of their own', async () => {
  await expect(put({ parameters: [{ name: 'a' }, { name: 'a' }] })).rejects.toThrow(/defined more than once/)
})

test('an account has at most a thousand queries in a region; deleting makes room', async () => {
  const ids = [await put(), await put()]
  const place = { account: bench.account, region: bench.region }
  const key = { collection: 'logs.query-definition-count', ...place, id: 'all' }
  expect((await bench.records.get(key))?.value).toEqual({ count: 2 })
  await bench.records.commit([{ kind: 'put', key, value: { count: 999 } }])
  await put()
  await expect(put()).rejects.toMatchObject({ code: 'LimitExceededException' })
  await put({ queryDefinitionId: ids[0] })
  await bench.call('DeleteQueryDefinition', { queryDefinitionId: ids[1] ?? '' })
  const results = await Promise.allSettled([put(), put(), put()])
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})
