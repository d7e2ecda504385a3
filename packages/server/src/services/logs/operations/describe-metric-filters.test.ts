import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeAll(async () => {
  bench = openLogsBench()
  for (const logGroupName of ['g', 'h']) await bench.call('CreateLogGroup', { logGroupName })
  for (const [logGroupName, filterName, metricName] of [
    ['g', 'b', 'm'],
    ['g', 'a', 'm'],
    ['g', 'C', 'n'],
    ['h', 'b', 'm'],
    ['h', 'aa', 'n'],
  ] as const) {
    await bench.call('PutMetricFilter', {
      logGroupName,
      filterName,
      filterPattern: ' ',
      metricTransformations: [{ metricName, metricNamespace: 'N', metricValue: '1' }],
    })
  }
})
afterAll(() => bench.close())

async function names(input: LogsInput<'DescribeMetricFilters'>): Promise<readonly string[]> {
  const found: string[] = []
  let nextToken: string | undefined
  do {
    const page = await bench.call('DescribeMetricFilters', { ...input, nextToken })
    found.push(...(page.metricFilters ?? []).map((each) => `${each.logGroupName ?? ''}/${each.filterName ?? ''}`))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return found
}

test('a filter is described as it was put, its pattern to the letter', async () => {
  const { metricFilters } = await bench.call('DescribeMetricFilters', { logGroupName: 'h', filterNamePrefix: 'aa' })
  expect(metricFilters).toEqual([
    {
      filterName: 'aa',
      filterPattern: ' ',
      logGroupName: 'h',
      creationTime: bench.clock.now(),
      applyOnTransformedLogs: false,
      metricTransformations: [{ metricName: 'n', metricNamespace: 'N', metricValue: '1' }],
    },
  ])
})

test('filters come in ASCII order of their names, whatever the page size', async () => {
  for (const limit of [1, 2, 3, 50]) {
    expect(await names({ limit })).toEqual(['g/C', 'g/a', 'h/aa', 'g/b', 'h/b'])
    expect(await names({ limit, logGroupName: 'g' })).toEqual(['g/C', 'g/a', 'g/b'])
  }
})

test('filters are found by a prefix, with or without a group, and by their metric', async () => {
  expect(await names({ filterNamePrefix: 'a' })).toEqual(['g/a', 'h/aa'])
  expect(await names({ logGroupName: 'g', filterNamePrefix: 'a' })).toEqual(['g/a'])
  expect(await names({ metricName: 'm', metricNamespace: 'N' })).toEqual(['g/a', 'g/b', 'h/b'])
  expect(await names({ metricName: 'm', metricNamespace: 'other' })).toEqual([])
  await expect(names({ metricName: 'm' })).rejects.toThrow(/only together/)
  await expect(names({ metricNamespace: 'N' })).rejects.toThrow(/only together/)
})

test('a group must exist; other accounts see nothing; a token is good for the same search only', async () => {
  await expect(names({ logGroupName: 'none' })).rejects.toThrow('The specified log group does not exist.')
  const elsewhere = await bench.call('DescribeMetricFilters', {}, { account: accountId('444455556666') })
  expect(elsewhere.metricFilters).toEqual([])
  const { nextToken } = await bench.call('DescribeMetricFilters', { limit: 1 })
  await expect(bench.call('DescribeMetricFilters', { nextToken, filterNamePrefix: 'a' })).rejects.toThrow(
    'The specified nextToken is invalid.',
  )
})
