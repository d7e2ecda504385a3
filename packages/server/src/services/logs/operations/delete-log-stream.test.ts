import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeEach(async () => {
  bench = openLogsBench()
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  for (const logStreamName of ['s', 't']) await bench.call('CreateLogStream', { logGroupName: 'g', logStreamName })
})
afterEach(() => bench.close())

const s = { logGroupName: 'g', logStreamName: 's' }
const put = (logStreamName: string, message: string) =>
  bench.call('PutLogEvents', {
    logGroupName: 'g',
    logStreamName,
    logEvents: [{ timestamp: bench.clock.now(), message }],
  })
const messages = async () =>
  ((await bench.call('FilterLogEvents', { logGroupName: 'g' })).events ?? []).map(({ message }) => message)

test('a deleted stream is gone with its events at once, and others stay', async () => {
  await put('s', 'of s')
  await put('t', 'of t')
  expect(await messages()).toEqual(['of s', 'of t'])
  await bench.call('DeleteLogStream', s)
  const gone = { code: 'ResourceNotFoundException', message: 'The specified log stream does not exist.' }
  await expect(put('s', 'late')).rejects.toMatchObject(gone)
  await expect(bench.call('GetLogEvents', s)).rejects.toMatchObject(gone)
  await expect(bench.call('DeleteLogStream', s)).rejects.toMatchObject(gone)
  expect(await messages()).toEqual(['of t'])
})

test('a stream of a protected group cannot be deleted until the protection is off', async () => {
  await put('s', 'kept')
  const protect = (deletionProtectionEnabled: boolean) =>
    bench.call('PutLogGroupDeletionProtection', { logGroupIdentifier: 'g', deletionProtectionEnabled })
  await protect(true)
  await expect(bench.call('DeleteLogStream', s)).rejects.toMatchObject({ code: 'ValidationException' })
  expect(await messages()).toEqual(['kept'])
  await protect(false)
  await bench.call('DeleteLogStream', s)
  expect(await messages()).toEqual([])
})

test('a stream created again starts empty', async () => {
  await put('s', 'old')
  await bench.call('DeleteLogStream', s)
  await bench.call('CreateLogStream', s)
  expect((await bench.call('GetLogEvents', s)).events).toEqual([])
  await put('s', 'new')
  expect(await messages()).toEqual(['new'])
})

test('events of a stream that the journal could not delete are hidden all the same', async () => {
  await put('s', 'of s')
  await put('t', 'of t')
  expect(await messages()).toHaveLength(2)
  const journal = { ...bench.journal }
  bench.journal.deleteStream = () => Promise.reject(new Error('the column store is away'))
  await bench.call('DeleteLogStream', s)
  Object.assign(bench.journal, journal)
  expect(await messages()).toEqual(['of t'])
  expect(await bench.records.listAll('logs.removal')).toHaveLength(1)
})

test('of several deletions at once one succeeds', async () => {
  const results = await Promise.allSettled([1, 2, 3].map(() => bench.call('DeleteLogStream', s)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('a stream is not looked for without its group', async () => {
  await expect(bench.call('DeleteLogStream', { logGroupName: 'no', logStreamName: 's' })).rejects.toThrow(
    'The specified log group does not exist.',
  )
})
