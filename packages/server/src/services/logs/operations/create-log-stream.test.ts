import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RecordStore } from '#stores/records/record-store.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeEach(async () => {
  bench = openLogsBench()
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
})
afterEach(() => bench.close())

const create = (logStreamName: string) => bench.call('CreateLogStream', { logGroupName: 'g', logStreamName })

test('a fresh stream has a name, a creation time, an ARN and no bytes, and nothing else', async () => {
  await create('a/b 1')
  expect((await bench.call('DescribeLogStreams', { logGroupName: 'g' })).logStreams).toEqual([
    {
      logStreamName: 'a/b 1',
      creationTime: bench.clock.now(),
      arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:g:log-stream:a/b 1',
      storedBytes: 0,
    },
  ])
})

test('of many calls with one name at once exactly one succeeds', async () => {
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => create('s')))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const result of results) {
    if (result.status === 'rejected') {
      expect(result.reason).toMatchObject({
        code: 'ResourceAlreadyExistsException',
        message: 'The specified log stream already exists',
      })
    }
  }
  await expect(create('s')).rejects.toThrow('The specified log stream already exists')
})

test.each(['', 'a:b', 'a*', 'a\0b', 'half \ud83d'])('no stream can be called %j', async (name) => {
  await expect(create(name)).rejects.toMatchObject({ code: 'InvalidParameterException' })
  expect((await bench.call('DescribeLogStreams', { logGroupName: 'g' })).logStreams).toEqual([])
})

test('a stream name has at most 512 characters, of any script', async () => {
  await create('語'.repeat(512))
  await expect(create('a'.repeat(513))).rejects.toThrow(
    'Invalid LogGroup or LogStream, both must have length less than or equal to 512.',
  )
})

test('a stream needs a group', async () => {
  await expect(bench.call('CreateLogStream', { logGroupName: 'no', logStreamName: 's' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  })
})

test('a stream made while its group is deleted is not left behind', async () => {
  const raced: LogsBench = openLogsBench({
    records: (records): RecordStore => ({
      ...records,
      commit: async (changes) => {
        const makesStream = changes.some(({ key, kind }) => key.collection === 'logs.stream' && kind === 'put')
        if (makesStream) await raced.call('DeleteLogGroup', { logGroupName: 'g' })
        await records.commit(changes)
      },
    }),
  })
  await raced.call('CreateLogGroup', { logGroupName: 'g' })
  await expect(raced.call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' })).rejects.toThrow(
    'The specified log group does not exist.',
  )
  expect(await raced.records.listAll('logs.stream')).toEqual([])
  expect(await raced.records.listAll('logs.stream-name')).toEqual([])
  await raced.close()
})
