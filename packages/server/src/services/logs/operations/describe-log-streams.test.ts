import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

const NAMES = ['b', 'a', 'B', 'a1', 'a/2', 'ä', '😀', '\uffee']
let bench: LogsBench
let start: number
beforeAll(async () => {
  bench = openLogsBench()
  start = bench.clock.now()
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  for (const logStreamName of NAMES) await bench.call('CreateLogStream', { logGroupName: 'g', logStreamName })
  await put('a', start - 5_000)
  await put('b', start - 1_000)
  bench.clock.advance(10_000)
  await put('a', start - 3_000)
  await put('ä', start - 1_000)
})
afterAll(() => bench.close())

const put = (logStreamName: string, timestamp: number) =>
  bench.call('PutLogEvents', { logGroupName: 'g', logStreamName, logEvents: [{ timestamp, message: 'm' }] })

const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
const ordered = NAMES.toSorted(bytes)

async function allNames(input: Partial<LogsInput<'DescribeLogStreams'>>): Promise<readonly string[]> {
  const names: string[] = []
  let nextToken: string | undefined
  do {
    const page = await bench.call('DescribeLogStreams', { logGroupName: 'g', ...input, nextToken })
    names.push(...(page.logStreams ?? []).map(({ logStreamName = '' }) => logStreamName))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return names
}

test.each([1, 2, 3, 50])('streams come by name, either way round, in pages of %i', async (limit) => {
  expect(await allNames({ limit })).toEqual(ordered)
  expect(await allNames({ limit, descending: true })).toEqual(ordered.toReversed())
})

test.each([1, 2, 3, 50])('streams come by the time of their newest event in pages of %i', async (limit) => {
  const silent = ordered.filter((name) => !['a', 'b', 'ä'].includes(name))
  const want = [...silent, 'a', 'b', 'ä']
  expect(await allNames({ orderBy: 'LastEventTime', limit })).toEqual(want)
  expect(await allNames({ orderBy: 'LastEventTime', descending: true, limit })).toEqual(want.toReversed())
})

test('a prefix narrows the list, either way round', async () => {
  expect(await allNames({ logStreamNamePrefix: 'a' })).toEqual(['a', 'a/2', 'a1'])
  expect(await allNames({ logStreamNamePrefix: 'a', descending: true, limit: 1 })).toEqual(['a1', 'a/2', 'a'])
  expect(await allNames({ logStreamNamePrefix: 'x' })).toEqual([])
})

test('once there are events a stream shows its times; its bytes stay 0', async () => {
  const { logStreams } = await bench.call('DescribeLogStreams', { logGroupName: 'g', logStreamNamePrefix: 'a' })
  expect(logStreams?.[0]).toEqual({
    logStreamName: 'a',
    creationTime: start,
    arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:g:log-stream:a',
    storedBytes: 0,
    firstEventTimestamp: start - 5_000,
    lastEventTimestamp: start - 3_000,
    lastIngestionTime: start + 10_000,
    uploadSequenceToken: expect.stringMatching(/^\d{56}$/),
  })
  expect(Object.keys(logStreams?.[1] ?? {})).toEqual(['logStreamName', 'creationTime', 'arn', 'storedBytes'])
})

test('a group is meant by its name or by its identifier, not by both', async () => {
  const identifier = `arn:aws:logs:${bench.region}:${bench.account}:log-group:g`
  expect(await allNames({ logGroupName: undefined, logGroupIdentifier: identifier })).toEqual(ordered)
  await expect(allNames({ logGroupIdentifier: identifier })).rejects.toMatchObject({
    code: 'ValidationException',
    message: 'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
  })
  await expect(allNames({ logGroupName: undefined })).rejects.toMatchObject({ code: 'InvalidParameterException' })
  await expect(
    allNames({ logGroupName: undefined, logGroupIdentifier: identifier.replace('eu-west-1', 'us-east-1') }),
  ).rejects.toThrow('The specified log group does not exist.')
})

test('streams by time cannot be narrowed by a prefix', async () => {
  await expect(allNames({ orderBy: 'LastEventTime', logStreamNamePrefix: 'a' })).rejects.toMatchObject({
    code: 'InvalidParameterException',
    message: 'Cannot order by LastEventTime with a logStreamNamePrefix.',
  })
})

test('a token is good for the same list only', async () => {
  const { nextToken } = await bench.call('DescribeLogStreams', { logGroupName: 'g', limit: 1 })
  await expect(bench.call('DescribeLogStreams', { logGroupName: 'g', nextToken, descending: true })).rejects.toThrow(
    'The specified nextToken is invalid.',
  )
})
