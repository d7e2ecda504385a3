import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
let start: number
beforeEach(async () => {
  bench = openLogsBench()
  start = bench.clock.now() - 60_000
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  for (const logStreamName of ['s', 'other']) await bench.call('CreateLogStream', { logGroupName: 'g', logStreamName })
})
afterEach(() => bench.close())

/** Offsets in milliseconds; each message is its offset. */
const put = (offsets: readonly number[], logStreamName = 's') =>
  bench.call('PutLogEvents', {
    logGroupName: 'g',
    logStreamName,
    logEvents: offsets.map((offset) => ({ timestamp: start + offset, message: String(offset) })),
  })

async function get(input: Partial<LogsInput<'GetLogEvents'>> = {}) {
  const answer = await bench.call('GetLogEvents', { logGroupName: 'g', logStreamName: 's', ...input })
  const { events = [], nextForwardToken: forward, nextBackwardToken: backward } = answer
  return { offsets: events.map(({ message }) => Number(message)), forward, backward }
}

test('an event has its time, message and ingestion time, and neither id nor stream', async () => {
  await put([5])
  expect((await bench.call('GetLogEvents', { logGroupName: 'g', logStreamName: 's' })).events).toEqual([
    { timestamp: start + 5, message: '5', ingestionTime: bench.clock.now() },
  ])
})

test('without a token it is the newest page, or the oldest from the head, always in order of time', async () => {
  await put([1, 2, 3, 4, 5])
  expect((await get({ limit: 2 })).offsets).toEqual([4, 5])
  expect((await get({ limit: 2, startFromHead: true })).offsets).toEqual([1, 2])
  expect((await get()).offsets).toEqual([1, 2, 3, 4, 5])
})

test('startTime is included, endTime is not', async () => {
  await put([1, 2, 3])
  expect((await get({ startTime: start + 2 })).offsets).toEqual([2, 3])
  expect((await get({ endTime: start + 2 })).offsets).toEqual([1])
  expect((await get({ startTime: start + 2, endTime: start + 2 })).offsets).toEqual([])
})

test('at the end of the stream the forward token comes back as it was sent, and finds later events', async () => {
  await put([1, 2, 3])
  const first = await get({ startFromHead: true })
  const end = await get({ nextToken: first.forward })
  expect(end).toMatchObject({ offsets: [], forward: first.forward })
  await put([3, 4])
  expect((await get({ nextToken: end.forward })).offsets).toEqual([3, 4])
})

test('at the beginning of the stream the backward token comes back as it was sent', async () => {
  await put([1, 2, 3])
  const newest = await get({ limit: 2 })
  const oldest = await get({ nextToken: newest.backward, limit: 2 })
  expect(oldest.offsets).toEqual([1])
  const end = await get({ nextToken: oldest.backward, limit: 2 })
  expect(end).toMatchObject({ offsets: [], backward: oldest.backward })
})

test('turning round at either end misses nothing', async () => {
  await put([1, 2, 3])
  const first = await get({ startFromHead: true })
  const last = await get({ nextToken: first.forward })
  expect((await get({ nextToken: last.backward, limit: 2 })).offsets).toEqual([2, 3])
  const begin = await get({ nextToken: first.backward })
  expect((await get({ nextToken: begin.forward, limit: 2 })).offsets).toEqual([1, 2])
})

test('an empty stream has tokens, and the forward one finds what comes', async () => {
  for (const startFromHead of [true, false]) {
    const empty = await get({ startFromHead })
    expect(empty.offsets).toEqual([])
    expect((await get({ nextToken: empty.forward })).forward).toBe(empty.forward)
    expect((await get({ nextToken: empty.backward })).backward).toBe(empty.backward)
  }
  const { forward } = await get()
  await put([1, 2])
  expect((await get({ nextToken: forward })).offsets).toEqual([1, 2])
})

let polled = 0
test('polling forward returns every event once, whatever arrives meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 6 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 4 }),
      async (batches, limit) => {
        polled += 1
        const logStreamName = `p${String(polled)}`
        await bench.call('CreateLogStream', { logGroupName: 'g', logStreamName })
        const seen: number[] = []
        let next = 0
        let token = (await get({ logStreamName, startFromHead: true, limit })).forward
        for (const size of [...batches, 0]) {
          if (size > 0)
            await put(
              Array.from({ length: size }, () => next++),
              logStreamName,
            )
          for (;;) {
            const page = await get({ logStreamName, nextToken: token, limit, startFromHead: true })
            seen.push(...page.offsets)
            if (page.forward === token) break
            token = page.forward
          }
        }
        expect(seen).toEqual(Array.from({ length: next }, (_, i) => i))
      },
    ),
    { numRuns: 15 },
  )
})

test('backward pages put together are the stream', async () => {
  await put([1, 1, 1, 2, 3, 3, 4])
  const seen: number[] = []
  let page = await get({ limit: 2 })
  for (;;) {
    seen.unshift(...page.offsets)
    const before = await get({ limit: 2, nextToken: page.backward })
    if (before.backward === page.backward) break
    page = before
  }
  expect(seen).toEqual([1, 1, 1, 2, 3, 3, 4])
})

test('a page ends at 1 MB, newest events first kept', async () => {
  const big = (offset: number) =>
    bench.call('PutLogEvents', {
      logGroupName: 'g',
      logStreamName: 's',
      logEvents: [{ timestamp: start + offset, message: 'x'.repeat(600_000) }],
    })
  await big(1)
  await big(2)
  await big(3)
  const newest = await bench.call('GetLogEvents', { logGroupName: 'g', logStreamName: 's' })
  expect(newest.events?.map(({ timestamp }) => timestamp)).toEqual([start + 3])
  const before = await bench.call('GetLogEvents', {
    logGroupName: 'g',
    logStreamName: 's',
    nextToken: newest.nextBackwardToken,
  })
  expect(before.events?.map(({ timestamp }) => timestamp)).toEqual([start + 2])
})

test('expired events are not returned, although they are still stored', async () => {
  await put([1])
  bench.clock.advance(20 * 3_600_000)
  await put([2])
  await bench.call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 1 })
  expect((await get()).offsets).toEqual([1, 2])
  bench.clock.advance(86_400_000 + 1 - 20 * 3_600_000 - 60_000 + 1)
  expect((await get()).offsets).toEqual([2])
  await bench.call('DeleteRetentionPolicy', { logGroupName: 'g' })
  expect((await get()).offsets).toEqual([1, 2])
})

test('only events of the stream are returned', async () => {
  await put([1])
  await put([2], 'other')
  expect((await get()).offsets).toEqual([1])
})

test('what is missing or malformed is refused in the words of AWS', async () => {
  await expect(get({ nextToken: 'f/x/s' })).rejects.toThrow('The specified nextToken is invalid.')
  await expect(get({ logGroupName: 'no' })).rejects.toThrow('The specified log group does not exist.')
  await expect(get({ logStreamName: 'no' })).rejects.toThrow('The specified log stream does not exist.')
  await expect(get({ logGroupIdentifier: 'g' })).rejects.toMatchObject({ code: 'ValidationException' })
  await bench.call('CreateLogGroup', { logGroupName: 'cold', logGroupClass: 'INFREQUENT_ACCESS' })
  await expect(get({ logGroupName: 'cold' })).rejects.toThrow(/not supported for log groups of class INFREQUENT_ACCESS/)
})
