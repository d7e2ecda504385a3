import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeEach(() => {
  bench = openLogsBench()
})
afterEach(() => bench.close())

const group = { logGroupName: 'g' }
const stream = { ...group, logStreamName: 's' }
const put = (message: string) =>
  bench.call('PutLogEvents', { ...stream, logEvents: [{ timestamp: bench.clock.now(), message }] })
const create = async () => {
  await bench.call('CreateLogGroup', group)
  await bench.call('CreateLogStream', stream)
}

test('a deleted group is gone with its streams and events at once', async () => {
  await create()
  await put('x')
  await bench.call('DeleteLogGroup', group)
  const gone = { code: 'ResourceNotFoundException', message: 'The specified log group does not exist.' }
  await expect(put('y')).rejects.toMatchObject(gone)
  await expect(bench.call('FilterLogEvents', group)).rejects.toMatchObject(gone)
  await expect(bench.call('DescribeLogStreams', group)).rejects.toMatchObject(gone)
  await expect(bench.call('DeleteLogGroup', group)).rejects.toMatchObject(gone)
  expect(await bench.call('DescribeLogGroups', {})).toEqual({ logGroups: [], nextToken: undefined })
})

test('a group created again starts empty, and so does a stream of the same name in it', async () => {
  await create()
  await put('old')
  await bench.call('DeleteLogGroup', group)
  await bench.call('CreateLogGroup', group)
  expect((await bench.call('DescribeLogStreams', group)).logStreams).toEqual([])
  await expect(put('nowhere')).rejects.toThrow('The specified log stream does not exist.')
  await bench.call('CreateLogStream', stream)
  expect((await bench.call('GetLogEvents', stream)).events).toEqual([])
  await put('new')
  expect((await bench.call('FilterLogEvents', group)).events?.map(({ message }) => message)).toEqual(['new'])
  expect((await bench.call('DescribeLogGroups', {})).logGroups?.[0]?.storedBytes).toBe(29)
})

test('nothing of a deleted group is left in the records, however many streams it had', async () => {
  await bench.call('CreateLogGroup', group)
  const names = Array.from({ length: 1_100 }, (_, i) => `s${String(i)}`)
  await Promise.all(names.map((logStreamName) => bench.call('CreateLogStream', { ...group, logStreamName })))
  await bench.call('DeleteLogGroup', group)
  for (const collection of ['logs.group', 'logs.stream', 'logs.stream-name', 'logs.removal', 'logs.group-policy']) {
    expect(await bench.records.listAll(collection), collection).toEqual([])
  }
})

test('a protected group cannot be deleted until its protection is off', async () => {
  await bench.call('CreateLogGroup', { ...group, deletionProtectionEnabled: true })
  await expect(bench.call('DeleteLogGroup', group)).rejects.toMatchObject({
    code: 'ValidationException',
    status: 400,
    message: 'Cannot delete log group with deletion protection enabled. Disable deletion protection first.',
  })
  expect((await bench.call('DescribeLogGroups', {})).logGroups?.[0]?.deletionProtectionEnabled).toBe(true)
  await bench.call('PutLogGroupDeletionProtection', { logGroupIdentifier: 'g', deletionProtectionEnabled: false })
  await bench.call('DeleteLogGroup', group)
  expect((await bench.call('DescribeLogGroups', {})).logGroups).toEqual([])
})

test('a deletion that the journal could not carry out has happened all the same', async () => {
  await create()
  await put('x')
  const journal = { ...bench.journal }
  bench.journal.deleteGroup = () => Promise.reject(new Error('the column store is away'))
  await bench.call('DeleteLogGroup', group)
  Object.assign(bench.journal, journal)
  await expect(bench.call('FilterLogEvents', group)).rejects.toThrow('The specified log group does not exist.')
  expect(await bench.records.listAll('logs.removal')).toHaveLength(1)
})
