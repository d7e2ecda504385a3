import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Checkpoint } from '#kernel/call.ts'
import { MAX_BATCH_BYTES } from '#services/logs/limits.ts'
import { type LogJournal } from '#stores/journals/log-journal.ts'
import { arrivedEvents } from '../../../../../testkit/src/arrived-events.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'
import { memoryLogJournal } from '../../../../../testkit/src/memory-log-journal.ts'

const DAY = 86_400_000
let bench: LogsBench
let appended: number
/** Counts what reaches the journal, so that "nothing is written" can be told from "nothing is seen". */
const counted = (journal: LogJournal): LogJournal => ({
  ...journal,
  append: (batch) => {
    appended += 1
    return journal.append(batch)
  },
})
beforeEach(async () => {
  appended = 0
  bench = openLogsBench({
    journal: (clock) => counted(memoryLogJournal({ clock, capacityBytes: 2 * MAX_BATCH_BYTES })),
  })
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  await bench.call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' })
})
afterEach(() => bench.close())

const put = (events: readonly (readonly [offset: number, message: string])[], checkpoint?: Checkpoint) =>
  bench.call(
    'PutLogEvents',
    {
      logGroupName: 'g',
      logStreamName: 's',
      logEvents: events.map(([offset, message]) => ({ timestamp: bench.clock.now() + offset, message })),
    },
    checkpoint === undefined ? {} : { checkpoint },
  )
const messages = async () =>
  ((await bench.call('FilterLogEvents', { logGroupName: 'g' })).events ?? []).map(({ message }) => message)

test('a batch is stored in its order and answered with a token of 56 digits', async () => {
  const answer = await put([
    [-2, 'one'],
    [-1, 'two'],
    [-1, 'three'],
  ])
  expect(answer).toEqual({ nextSequenceToken: expect.stringMatching(/^\d{56}$/), rejectedLogEventsInfo: undefined })
  expect(await messages()).toEqual(['one', 'two', 'three'])
})

test('any sequence token is taken', async () => {
  const input = { logGroupName: 'g', logStreamName: 's', logEvents: [{ timestamp: bench.clock.now(), message: 'm' }] }
  await bench.call('PutLogEvents', { ...input, sequenceToken: 'anything' })
  await bench.call('PutLogEvents', { ...input, sequenceToken: 'anything' })
  expect(await messages()).toEqual(['m', 'm'])
})

test('of events that came as columns, those in the window are stored as they are', async () => {
  const now = bench.clock.now()
  const list = [
    { timestamp: now - 15 * DAY, message: 'old' },
    { timestamp: now - 2, message: 'plain' },
    { timestamp: now - 1, message: 'a "quoted" é' },
    { timestamp: now + DAY, message: 'new' },
  ]
  const answer = await bench.call('PutLogEvents', {
    logGroupName: 'g',
    logStreamName: 's',
    logEvents: arrivedEvents(list),
  })
  expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 3 })
  expect(await messages()).toEqual(['plain', 'a "quoted" é'])
})

test('events outside the window are reported and the rest is stored', async () => {
  const answer = await put([
    [-15 * DAY, 'old'],
    [-1, 'in'],
    [3 * 3_600_000, 'new'],
  ])
  expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 })
  expect(answer.nextSequenceToken).toMatch(/^\d{56}$/)
  expect(await messages()).toEqual(['in'])
})

test('events older than the retention are reported as expired', async () => {
  await bench.call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 3 })
  const answer = await put([
    [-4 * DAY, 'expired'],
    [-DAY / 2, 'in'],
  ])
  expect(answer.rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 })
  await bench.call('DeleteRetentionPolicy', { logGroupName: 'g' })
  expect(await messages()).toEqual(['in'])
})

test('a batch of which nothing is stored succeeds and writes nothing', async () => {
  const answer = await put([[-15 * DAY, 'old']])
  expect(answer).toMatchObject({
    nextSequenceToken: expect.stringMatching(/^\d{56}$/),
    rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 },
  })
  expect(appended).toBe(0)
})

test('a refused batch stores nothing', async () => {
  const disorder = put([
    [-1, 'a'],
    [-2, 'b'],
  ])
  await expect(disorder).rejects.toMatchObject({ code: 'InvalidParameterException', status: 400 })
  await expect(put([[0, 'x'.repeat(MAX_BATCH_BYTES)]])).rejects.toThrow(/exceeds limit/)
  expect(appended).toBe(0)
})

test('group and stream must exist, each missing one is named', async () => {
  const logEvents = [{ timestamp: bench.clock.now(), message: 'm' }]
  const to = (logGroupName: string, logStreamName: string) =>
    bench.call('PutLogEvents', { logGroupName, logStreamName, logEvents })
  await expect(to('no', 's')).rejects.toThrow('The specified log group does not exist.')
  await expect(to('g', 'no')).rejects.toThrow('The specified log stream does not exist.')
  await expect(to('g', 'half \ud800')).rejects.toThrow('The specified log stream does not exist.')
})

const checkpoint = (sequence: number): Checkpoint => ({
  source: 'mq/b-1/1/general',
  sequence,
  position: `p${String(sequence)}`,
})

test('a checkpoint is committed with the events, and a repeated one is a success that changes nothing', async () => {
  await put([[-1, 'first']], checkpoint(1))
  expect(await bench.journal.checkpoint('mq/b-1/1/general')).toEqual(checkpoint(1))
  const repeated = await put([[-1, 'first']], checkpoint(1))
  expect(repeated.nextSequenceToken).toMatch(/^\d{56}$/)
  expect(await messages()).toEqual(['first'])
  await put([[0, 'second']], checkpoint(2))
  expect(await messages()).toEqual(['first', 'second'])
})

test('a checkpoint is committed also when every event is left out', async () => {
  const answer = await put([[-15 * DAY, 'old']], checkpoint(7))
  expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 })
  expect(await bench.journal.checkpoint('mq/b-1/1/general')).toEqual(checkpoint(7))
  expect(await messages()).toEqual([])
})

test('when too much waits for the store, the caller is throttled', async () => {
  const half: readonly [number, string] = [0, 'x'.repeat(MAX_BATCH_BYTES - 26)]
  await put([half])
  await put([half])
  await expect(put([[0, 'x']])).rejects.toMatchObject({
    code: 'ThrottlingException',
    status: 400,
    message: 'Rate exceeded',
  })
})

test('what is stored, and what is refused for want of room, is counted in AWS/Logs', async () => {
  await put([
    [-15 * DAY, 'too old'],
    [0, 'abcd'],
  ])
  const full: readonly [number, string] = [0, 'x'.repeat(MAX_BATCH_BYTES - 26)]
  await put([full])
  await expect(put([full])).rejects.toThrow('Rate exceeded')
  await bench.incoming.close()
  const sums = bench.ownPoints.points
    .filter(({ dimensions: { LogGroupName: group, Resource: operation } }) =>
      operation === undefined ? group === undefined : operation === 'PutLogEvents',
    )
    .map(({ metricName, statistics }) => [metricName, statistics.sampleCount, statistics.sum])
  expect(sums).toEqual([
    ['IncomingLogEvents', 2, 2],
    ['IncomingBytes', 2, MAX_BATCH_BYTES + 30],
    ['CallCount', 3, 3],
    ['ThrottleCount', 1, 1],
  ])
})

test('any other failure of the store is passed on as it is, and counted', async () => {
  const full = new Error('no space left on device')
  bench.journal.append = () => Promise.reject(full)
  await expect(put([[0, 'x']])).rejects.toBe(full)
  await bench.incoming.close()
  const failed = bench.ownPoints.points.filter(({ metricName }) => metricName === 'ErrorCount')
  expect(failed.map(({ dimensions, statistics }) => [dimensions['Resource'], statistics.sum])).toEqual([
    ['PutLogEvents', 1],
  ])
})

test('a change of the group holds for the next batch, although groups are remembered', async () => {
  await put([[-2 * DAY, 'before']])
  await bench.call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 1 })
  expect((await put([[-2 * DAY, 'after']])).rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 })
})
