import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EARLIEST_NEWEST_FIRST } from '#services/logs/limits.ts'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
let start: number
beforeEach(async () => {
  bench = openLogsBench()
  start = bench.clock.now() - 60_000
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  for (const logStreamName of ['a1', 'a2', 'b'])
    await bench.call('CreateLogStream', { logGroupName: 'g', logStreamName })
})
afterEach(() => bench.close())

const put = (logStreamName: string, events: readonly (readonly [offset: number, message: string])[]) =>
  bench.call('PutLogEvents', {
    logGroupName: 'g',
    logStreamName,
    logEvents: events.map(([offset, message]) => ({ timestamp: start + offset, message })),
  })

type Input = Partial<LogsInput<'FilterLogEvents'>>

/** All pages of a search. */
async function filter(input: Input = {}) {
  const events: { readonly message: string; readonly logStreamName: string; readonly eventId: string }[] = []
  let nextToken: string | undefined
  do {
    const page = await bench.call('FilterLogEvents', { logGroupName: 'g', ...input, nextToken })
    expect(page.searchedLogStreams).toEqual([])
    for (const { message = '', logStreamName = '', eventId = '' } of page.events ?? []) {
      events.push({ message, logStreamName, eventId })
    }
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return events
}
const messages = async (input: Input = {}) => (await filter(input)).map(({ message }) => message)

const putMixed = async () => {
  await put('a1', [
    [1, 'one ERROR'],
    [3, 'three'],
  ])
  await put('b', [
    [1, 'uno'],
    [4, 'quattro ERROR'],
  ])
  await put('a2', [[2, 'two ERROR timeout']])
}

test('an event has its stream, times, message and id', async () => {
  await put('b', [[1, 'm']])
  expect(await bench.call('FilterLogEvents', { logGroupName: 'g' })).toEqual({
    events: [
      {
        logStreamName: 'b',
        timestamp: start + 1,
        message: 'm',
        ingestionTime: bench.clock.now(),
        eventId: expect.stringMatching(/^\d{56}$/),
      },
    ],
    searchedLogStreams: [],
    nextToken: undefined,
  })
})

test('events of all streams are merged in the order of their ids', async () => {
  await putMixed()
  const found = await filter()
  expect(found.map(({ message }) => message)).toEqual([
    'one ERROR',
    'uno',
    'two ERROR timeout',
    'three',
    'quattro ERROR',
  ])
  const ids = found.map(({ eventId }) => eventId)
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(5)
  expect((await filter({ interleaved: false })).map(({ eventId }) => eventId)).toEqual(ids)
})

test('both startTime and endTime are included', async () => {
  await putMixed()
  expect(await messages({ startTime: start + 2, endTime: start + 3 })).toEqual(['two ERROR timeout', 'three'])
})

test('streams are chosen by names or by a prefix, not by both', async () => {
  await putMixed()
  expect(await messages({ logStreamNames: ['a1', 'b'] })).toEqual(['one ERROR', 'uno', 'three', 'quattro ERROR'])
  expect(await messages({ logStreamNamePrefix: 'a' })).toEqual(['one ERROR', 'two ERROR timeout', 'three'])
  expect(await messages({ logStreamNamePrefix: 'x' })).toEqual([])
  expect(await messages({ logStreamNamePrefix: '' })).toHaveLength(5)
  await expect(filter({ logStreamNames: ['a1'], logStreamNamePrefix: 'a' })).rejects.toMatchObject({
    code: 'InvalidParameterException',
  })
})

test('a named stream must exist', async () => {
  await expect(filter({ logStreamNames: ['a1', 'no'] })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'The specified log stream does not exist.',
  })
})

test('a pattern selects events', async () => {
  await putMixed()
  expect(await messages({ filterPattern: 'ERROR' })).toEqual(['one ERROR', 'two ERROR timeout', 'quattro ERROR'])
  expect(await messages({ filterPattern: 'ERROR -timeout' })).toEqual(['one ERROR', 'quattro ERROR'])
  expect(await messages({ filterPattern: '?three ?uno' })).toEqual(['uno', 'three'])
  expect(await messages({ filterPattern: '%t{2}ro|^u%' })).toEqual(['uno', 'quattro ERROR'])
  expect(await messages({ filterPattern: '' })).toHaveLength(5)
  expect(await messages({ filterPattern: '[..., last=ERROR]' })).toEqual(['one ERROR', 'quattro ERROR'])
  await expect(filter({ filterPattern: '{ $.a }' })).rejects.toThrow('Invalid filter pattern')
  await expect(filter({ filterPattern: 'foo-bar' })).rejects.toThrow("Invalid character(s) in term 'foo-bar'")
})

test('a JSON pattern selects events, however their text is written', async () => {
  await put('a1', [
    [1, '{"level":"ERROR","latency":12.5}'],
    [2, '{"lev\\u0065l":"ERR\\u004fR","latency":1250e-2}'],
    [3, '{"level":"INFO","note":"level ERROR"}'],
    [4, 'level ERROR'],
  ])
  const found = await messages({ filterPattern: '{ $.level = "ERROR" && $.latency > 12 }' })
  expect(found).toHaveLength(2)
  expect(await messages({ filterPattern: '{ $.latency NOT EXISTS }' })).toEqual([
    '{"level":"INFO","note":"level ERROR"}',
  ])
  expect(await messages({ filterPattern: '{ $.level = "ERROR" || $.note = "level*" }', limit: 1 })).toHaveLength(3)
})

test('the last page has no token', async () => {
  await putMixed()
  const whole = await bench.call('FilterLogEvents', { logGroupName: 'g', limit: 5 })
  expect(whole.events).toHaveLength(5)
  expect(whole.nextToken).toBeUndefined()
  const part = await bench.call('FilterLogEvents', { logGroupName: 'g', limit: 4 })
  expect(part.events).toHaveLength(4)
  expect(part.nextToken).toBeDefined()
})

test('pages of any size put together are the whole answer, for any pattern, either way round', async () => {
  await putMixed()
  const patterns = fc.constantFrom('', 'ERROR', '-ERROR', '?one ?two', '%o%', 'nothing', '%o% -"quattro"')
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      patterns,
      fc.boolean(),
      async (limit, filterPattern, newestFirst) => {
        const whole = await messages({ filterPattern })
        const input = newestFirst ? { startFromHead: false, startTime: EARLIEST_NEWEST_FIRST } : {}
        const paged = await messages({ filterPattern, limit, ...input })
        expect(newestFirst ? paged.toReversed() : paged).toEqual(whole)
      },
    ),
    { numRuns: 40 },
  )
})

test('newest first is for recent searches only, and a token keeps its direction', async () => {
  await putMixed()
  const newest = { logGroupName: 'g', startFromHead: false, startTime: EARLIEST_NEWEST_FIRST, limit: 2 }
  const first = await bench.call('FilterLogEvents', newest)
  expect(first.events?.map(({ message }) => message)).toEqual(['quattro ERROR', 'three'])
  const { startFromHead: _direction, ...same } = newest
  const second = await bench.call('FilterLogEvents', { ...same, nextToken: first.nextToken })
  expect(second.events?.map(({ message }) => message)).toEqual(['two ERROR timeout', 'uno'])
  const early = { ...newest, startTime: EARLIEST_NEWEST_FIRST - 1 }
  await expect(bench.call('FilterLogEvents', early)).rejects.toMatchObject({ code: 'InvalidParameterException' })
  await expect(filter({ startFromHead: false })).rejects.toMatchObject({ code: 'InvalidParameterException' })
})

test('a token is good for the same search only', async () => {
  await putMixed()
  const { nextToken } = await bench.call('FilterLogEvents', { logGroupName: 'g', limit: 1 })
  const other = [
    { filterPattern: 'x' },
    { startTime: 1 },
    { logStreamNames: ['a1'] },
    { nextToken: 'x' },
    { nextToken: `${String(nextToken)}x` },
  ]
  for (const change of other) {
    await expect(bench.call('FilterLogEvents', { logGroupName: 'g', nextToken, ...change })).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: 'The specified nextToken is invalid.',
    })
  }
  bench.clock.advance(86_400_000)
  await expect(bench.call('FilterLogEvents', { logGroupName: 'g', nextToken })).rejects.toThrow(
    'The specified nextToken is invalid.',
  )
})

test('a page ends at 1 MB and the next one goes on', async () => {
  for (const offset of [1, 2, 3]) await put('b', [[offset, String(offset).repeat(400_000)]])
  const page = await bench.call('FilterLogEvents', { logGroupName: 'g' })
  expect(page.events?.map(({ message = '' }) => message[0])).toEqual(['1', '2'])
  expect((await messages()).map((message) => message[0])).toEqual(['1', '2', '3'])
})

test('following as the AWS CLI does finds every event once', async () => {
  const seen = new Set<string>()
  let startTime = start
  const poll = async () => {
    for (const { eventId } of await filter({ startTime, interleaved: true })) seen.add(eventId)
    const { events = [] } = await bench.call('FilterLogEvents', { logGroupName: 'g', startTime })
    startTime = Math.max(startTime, ...events.map(({ timestamp = 0 }) => timestamp))
  }
  for (let offset = 1; offset <= 10; offset += 1) {
    await put(offset % 2 === 0 ? 'a1' : 'b', [[Math.ceil(offset / 3), String(offset)]])
    if (offset % 3 === 0) await poll()
  }
  await poll()
  expect(seen.size).toBe(10)
})

test('expired events are not returned', async () => {
  await put('b', [[1, 'm']])
  await bench.call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 1 })
  expect(await messages()).toEqual(['m'])
  bench.clock.advance(86_400_000)
  expect(await messages()).toEqual([])
})

test('a group of class INFREQUENT_ACCESS is not read', async () => {
  await bench.call('CreateLogGroup', { logGroupName: 'cold', logGroupClass: 'INFREQUENT_ACCESS' })
  await expect(filter({ logGroupName: 'cold' })).rejects.toMatchObject({ code: 'InvalidParameterException' })
})

test('a caller who has gone away is not searched for', async () => {
  const gone = new AbortController()
  gone.abort(new Error('gone'))
  const search = bench.call('FilterLogEvents', { logGroupName: 'g' }, { signal: gone.signal })
  await expect(search).rejects.toThrow('gone')
})
