import { afterEach, beforeEach, expect, test } from 'vitest'
import { retentionSweep } from '#services/logs/retention/sweep.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

const DAY = 86_400_000
let bench: LogsBench
beforeEach(async () => {
  bench = openLogsBench()
  for (const logGroupName of ['kept', 'short']) {
    await bench.call('CreateLogGroup', { logGroupName })
    await bench.call('CreateLogStream', { logGroupName, logStreamName: 's' })
    await put(logGroupName, 'old')
  }
})
afterEach(() => bench.close())

const put = (logGroupName: string, message: string) =>
  bench.call('PutLogEvents', {
    logGroupName,
    logStreamName: 's',
    logEvents: [{ timestamp: bench.clock.now(), message }],
  })
const stored = async () =>
  Object.fromEntries(
    ((await bench.call('DescribeLogGroups', {})).logGroups ?? []).map(({ logGroupName, storedBytes }) => [
      logGroupName,
      storedBytes,
    ]),
  )

test('events beyond the retention are freed, others stay', async () => {
  await bench.call('PutRetentionPolicy', { logGroupName: 'short', retentionInDays: 1 })
  await retentionSweep(bench)
  expect(await stored()).toEqual({ kept: 29, short: 29 })
  bench.clock.advance(2 * DAY)
  await put('short', 'new')
  await retentionSweep(bench)
  expect(await stored()).toEqual({ kept: 29, short: 29 })
  expect((await bench.call('FilterLogEvents', { logGroupName: 'short' })).events).toMatchObject([{ message: 'new' }])
  await bench.call('DeleteRetentionPolicy', { logGroupName: 'short' })
  expect((await bench.call('FilterLogEvents', { logGroupName: 'short' })).events).toHaveLength(1)
})

test('nothing that readers still see is freed', async () => {
  await bench.call('PutRetentionPolicy', { logGroupName: 'short', retentionInDays: 1 })
  bench.clock.advance(DAY)
  await retentionSweep(bench)
  expect((await bench.call('FilterLogEvents', { logGroupName: 'short' })).events).toHaveLength(1)
})

test('a group is swept once a day, and again when its retention gets shorter', async () => {
  const calls: number[] = []
  const journal = { ...bench.journal }
  bench.journal.deleteBefore = async (group, before) => {
    calls.push(before)
    await journal.deleteBefore(group, before)
  }
  await bench.call('PutRetentionPolicy', { logGroupName: 'short', retentionInDays: 7 })
  await retentionSweep(bench)
  await retentionSweep(bench)
  expect(calls).toHaveLength(1)
  bench.clock.advance(DAY)
  await retentionSweep(bench)
  expect(calls).toHaveLength(2)
  await bench.call('PutRetentionPolicy', { logGroupName: 'short', retentionInDays: 1 })
  await retentionSweep(bench)
  expect(calls).toHaveLength(3)
})

test('a failure for one group keeps no other from being swept, is reported, and is made up for', async () => {
  for (const logGroupName of ['kept', 'short']) {
    await bench.call('PutRetentionPolicy', { logGroupName, retentionInDays: 1 })
  }
  bench.clock.advance(3 * DAY)
  const journal = { ...bench.journal }
  let failures = 1
  bench.journal.deleteBefore = async (group, before) => {
    if (failures-- > 0) throw new Error('the column store is away')
    await journal.deleteBefore(group, before)
  }
  await expect(retentionSweep(bench)).rejects.toThrow(
    '1 deletions could not be finished, the first one because: the column store is away',
  )
  expect(
    Object.values(await stored())
      .map(Number)
      .toSorted((a, b) => a - b),
  ).toEqual([0, 29])
  await retentionSweep(bench)
  expect(await stored()).toEqual({ kept: 0, short: 0 })
})

test('what a deletion left behind is removed', async () => {
  const journal = { ...bench.journal }
  bench.journal.deleteGroup = () => Promise.reject(new Error('away'))
  bench.journal.deleteStream = () => Promise.reject(new Error('away'))
  await bench.call('DeleteLogStream', { logGroupName: 'kept', logStreamName: 's' })
  await bench.call('DeleteLogGroup', { logGroupName: 'short' })
  await expect(retentionSweep(bench)).rejects.toThrow('2 deletions could not be finished')
  expect(await bench.records.listAll('logs.removal')).toHaveLength(2)
  Object.assign(bench.journal, journal)
  await retentionSweep(bench)
  expect(await bench.records.listAll('logs.removal')).toEqual([])
  expect(await bench.records.listAll('logs.stream')).toEqual([])
  expect(await stored()).toEqual({ kept: 0 })
})
