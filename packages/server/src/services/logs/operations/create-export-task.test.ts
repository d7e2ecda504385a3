import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import { type ExportSink, NoSuchBucket } from '#services/logs/exports/export-sink.ts'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

/** A far end of exports: buckets in memory, and a gate in front of each object. */
let objects: Map<string, Buffer>
let gate: (key: string) => Promise<void>
const sink: ExportSink = {
  check: (_owner, bucket) => (bucket === 'bucket' ? Promise.resolve() : Promise.reject(new NoSuchBucket(bucket))),
  put: async (owner, bucket, key, body) => {
    if (bucket !== 'bucket') throw new NoSuchBucket(bucket)
    await gate(key)
    objects.set(`${owner.account} ${owner.sourceArn} ${key}`, body)
  },
}

let bench: LogsBench
let start: number
beforeEach(async () => {
  objects = new Map()
  gate = async () => {}
  bench = openLogsBench({ exportSink: sink })
  start = bench.clock.now()
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  for (const logStreamName of ['a/1', 'a/2', 'b'])
    await bench.call('CreateLogStream', { logGroupName: 'g', logStreamName })
})
afterEach(() => bench.close())

const send = (logStreamName: string, ...messages: readonly string[]) =>
  bench.call('PutLogEvents', {
    logGroupName: 'g',
    logStreamName,
    logEvents: messages.map((message, at) => ({ timestamp: start + at, message })),
  })
const create = async (input: Partial<LogsInput<'CreateExportTask'>> = {}) =>
  (
    await bench.call('CreateExportTask', {
      logGroupName: 'g',
      from: 0,
      to: start + 60_000,
      destination: 'bucket',
      ...input,
    })
  ).taskId ?? ''
const described = async (input: LogsInput<'DescribeExportTasks'> = {}) =>
  (await bench.call('DescribeExportTasks', input)).exportTasks ?? []
const statusOf = async (taskId: string) => (await described({ taskId }))[0]?.status?.code
/** Keys without their owner, and the text of those that are packed. */
const exported = () =>
  Object.fromEntries(
    [...objects].map(([key, body]) => [
      key.slice(key.lastIndexOf(' ') + 1),
      key.endsWith('.gz') ? gunzipSync(body).toString() : body.toString(),
    ]),
  )
const finished = () => bench.service.exports?.idle()
const time = (offset: number) => new Date(start + offset).toISOString()

test('a group is exported with a folder a stream and a line an event', async () => {
  await send('a/1', 'one', 'two\nlines')
  await send('b', 'three')
  const taskId = await create({ taskName: 'mine' })
  await finished()
  expect(exported()).toEqual({
    'aws-logs-write-test': 'Permission Check Successful',
    [`exportedlogs/${taskId}/a-1/000000.gz`]: `${time(0)} one\n${time(1)} two\nlines\n`,
    [`exportedlogs/${taskId}/b/000000.gz`]: `${time(0)} three\n`,
  })
  for (const key of objects.keys()) {
    expect(key).toMatch(/^111122223333 arn:aws:logs:eu-west-1:111122223333:log-group:g /)
  }
  expect(await described()).toEqual([
    {
      taskId,
      taskName: 'mine',
      logGroupName: 'g',
      from: 0,
      to: start + 60_000,
      destination: 'bucket',
      destinationPrefix: 'exportedlogs',
      status: { code: 'COMPLETED' },
      executionInfo: { creationTime: start, completionTime: start },
    },
  ])
})

test('streams, time and prefix are those asked for', async () => {
  await send('a/1', 'one', 'two', 'three')
  await send('b', 'other')
  const taskId = await create({ logStreamNamePrefix: 'a/', destinationPrefix: 'p/q', from: start + 1, to: start + 1 })
  await finished()
  expect(exported()).toEqual({
    'p/q/aws-logs-write-test': 'Permission Check Successful',
    [`p/q/${taskId}/a-1/000000.gz`]: `${time(1)} two\n`,
  })
})

test('a large stream is cut into objects, in order', async () => {
  for (let at = 0; at < 10; at += 1) await send('b', String(at).repeat(1_000_000))
  const taskId = await create()
  await finished()
  const parts = Object.entries(exported()).filter(([key]) => key.endsWith('.gz'))
  expect(parts.map(([key]) => key)).toEqual(
    parts.map((_part, at) => `exportedlogs/${taskId}/b/${String(at).padStart(6, '0')}.gz`),
  )
  expect(parts.length).toBeGreaterThan(1)
  const lines = parts
    .map(([, text]) => text)
    .join('')
    .trimEnd()
    .split('\n')
  expect(lines.map((line) => line.at(-1))).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
})

test('a task that runs is shown as such, is the only one, and can be cancelled once', async () => {
  await send('a/1', 'one')
  await send('b', 'two')
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  gate = (key) => (key.endsWith('.gz') ? opened : Promise.resolve())
  const taskId = await create()
  await expect(create()).rejects.toMatchObject({ code: 'LimitExceededException', message: 'Resource limit exceeded.' })
  expect(['PENDING', 'RUNNING']).toContain(await statusOf(taskId))
  await bench.call('CancelExportTask', { taskId })
  expect(await statusOf(taskId)).toBe('PENDING_CANCEL')
  open()
  await finished()
  expect(await statusOf(taskId)).toBe('CANCELLED')
  expect(Object.keys(exported()).filter((key) => key.includes('/b/'))).toEqual([])
  await expect(bench.call('CancelExportTask', { taskId })).rejects.toMatchObject({
    code: 'InvalidOperationException',
    message: 'The specified export task has already finished',
  })
  await expect(bench.call('CancelExportTask', { taskId: 'none' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'The specified export task does not exist.',
  })
  await create()
})

test.each(['between two objects', 'within an object'])(
  'a task that was cut off %s is carried out by the next process',
  async (where) => {
    await send('a/1', 'one')
    await send('b', 'two')
    const stopped: Promise<void>[] = []
    gate = async (key) => {
      if (!key.endsWith('.gz')) return
      stopped.push(bench.service.exports?.close() ?? Promise.resolve())
      if (where === 'within an object') throw new Error('the connection was closed')
    }
    const taskId = await create()
    await finished()
    await Promise.all(stopped)
    expect(await statusOf(taskId)).toBe('RUNNING')
    expect(Object.keys(exported())).toHaveLength(where === 'within an object' ? 1 : 2)
    gate = async () => {}
    const { exports } = bench.restarted()
    await exports?.resume()
    await exports?.idle()
    expect(await statusOf(taskId)).toBe('COMPLETED')
    expect(Object.keys(exported())).toHaveLength(3)
  },
)

test('what goes wrong on the way ends the task and says why', async () => {
  await send('b', 'one')
  gate = async (key) => {
    if (key.endsWith('.gz')) throw new Error('the disk is full')
  }
  const taskId = await create()
  await finished()
  expect((await described({ taskId }))[0]?.status).toEqual({
    code: 'FAILED',
    message: 'The export was cut off: the disk is full',
  })
})

test('a bucket that is not there, or not to be written, is refused; no task is made', async () => {
  await expect(create({ destination: 'none' })).rejects.toMatchObject({
    code: 'InvalidParameterException',
    message: 'The given bucket does not exist. Please make sure the bucket is valid.',
  })
  gate = () => Promise.reject(new Error('denied'))
  await expect(create()).rejects.toThrow(/^The given bucket cannot be written\./)
  expect(await described()).toEqual([])
})

test('without anywhere to export to every bucket is refused, after everything else was checked', async () => {
  const plain = openLogsBench()
  const input = { logGroupName: 'g', from: 0, to: start, destination: 'bucket' }
  await expect(plain.call('CreateExportTask', input)).rejects.toThrow('The specified log group does not exist.')
  await plain.call('CreateLogGroup', { logGroupName: 'g' })
  await expect(plain.call('CreateExportTask', { ...input, from: start + 1 })).rejects.toThrow(/must not be later/)
  await expect(plain.call('CreateExportTask', { ...input, to: start - 1 })).rejects.toThrow(/not be earlier/)
  await expect(plain.call('CreateExportTask', input)).rejects.toThrow(
    'The given bucket does not exist. Please make sure the bucket is valid.',
  )
  expect((await plain.call('DescribeExportTasks', {})).exportTasks).toEqual([])
  await plain.close()
})

test('masked and expired events are exported as readers see them', async () => {
  await send('b', 'old')
  const document = {
    Name: 'p',
    Version: '2021-06-01',
    Statement: [{ Audit: { FindingsDestination: {} } }, { Deidentify: { MaskConfig: {} } }].map((Operation) => ({
      DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'],
      Operation,
    })),
  }
  await bench.call('PutDataProtectionPolicy', { logGroupIdentifier: 'g', policyDocument: JSON.stringify(document) })
  await bench.call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 1 })
  bench.clock.advance(86_400_001)
  start = bench.clock.now()
  await send('b', 'mail a@b.de')
  const taskId = await create()
  await finished()
  expect(exported()[`exportedlogs/${taskId}/b/000000.gz`]).toBe(`${time(0)} mail ******\n`)
})

test('tasks come newest first, a page at a time, by status, and only those of the account', async () => {
  const ids: string[] = []
  for (let at = 0; at < 3; at += 1) {
    ids.unshift(await create())
    await finished()
    bench.clock.advance(1_000)
  }
  expect((await described()).map(({ taskId }) => taskId)).toEqual(ids)
  const first = await bench.call('DescribeExportTasks', { limit: 2 })
  const second = await bench.call('DescribeExportTasks', { limit: 2, nextToken: first.nextToken })
  expect([...(first.exportTasks ?? []), ...(second.exportTasks ?? [])].map(({ taskId }) => taskId)).toEqual(ids)
  expect(await described({ statusCode: 'RUNNING' })).toEqual([])
  expect(await described({ statusCode: 'COMPLETED' })).toHaveLength(3)
  expect(await described({ taskId: 'none' })).toEqual([])
  const elsewhere = await bench.call('DescribeExportTasks', {}, { account: accountId('444455556666') })
  expect(elsewhere.exportTasks).toEqual([])
})
