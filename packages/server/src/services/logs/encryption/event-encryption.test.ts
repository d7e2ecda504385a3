import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ExportSink } from '#services/logs/exports/export-sink.ts'
import type { SubscriptionTarget } from '#services/logs/subscriptions/target.ts'
import { type GatewayBench, openGatewayBench } from '../../../../../testkit/src/gateway-bench.ts'
import { type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

/** Real groups, real keys, and the real gate between them. */
let logs: LogsBench
let kms: KmsBench
let gate: GatewayBench
let forwarded: string[]
let exported: string[]

const firehose: SubscriptionTarget = {
  send: async (_route, { messageType, logEvents }) => {
    if (messageType === 'DATA_MESSAGE') forwarded.push(...logEvents.map(({ message }) => message))
  },
}
const bucket: ExportSink = {
  check: async () => {},
  put: async (_owner, _bucket, key, body) => {
    if (key.endsWith('.gz')) exported.push(gunzipSync(body).toString())
  },
}

beforeEach(async () => {
  forwarded = []
  exported = []
  kms = await openKmsBench()
  logs = openLogsBench({
    call: (...parameters) => gate.gateway.call(...parameters),
    targets: new Map([['firehose', firehose]]),
    exportSink: bucket,
  })
  gate = openGatewayBench({ logs: logs.service, kms: kms.service })
})
afterEach(async () => {
  await logs.service.forwarder?.close()
  await logs.service.exports?.close()
  await gate.close()
  await logs.close()
  await kms.close()
})

const ACCOUNT = '111122223333'
const arnOf = (name: string): string => `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:${name}`
const keyPolicy = (condition: object = {}, service = 'logs.eu-west-1.amazonaws.com'): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        Resource: '*',
        Condition: condition,
      },
    ],
  })
/** The condition of AWS's guide: the key serves one group. */
const onlyFor = (name: string): object => ({ ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': arnOf(name) } })
const newKey = async (policy = keyPolicy()): Promise<string> => (await kms.key({ Policy: policy })).Arn

const group = async (logGroupName = 'g', kmsKeyId?: string): Promise<void> => {
  await logs.call('CreateLogGroup', { logGroupName, ...(kmsKeyId === undefined ? {} : { kmsKeyId }) })
  await logs.call('CreateLogStream', { logGroupName, logStreamName: 's' })
}
const put = (...messages: readonly string[]) =>
  logs.call('PutLogEvents', {
    logGroupName: 'g',
    logStreamName: 's',
    logEvents: messages.map((message) => ({ timestamp: logs.clock.now(), message })),
  })
const associate = (kmsKeyId: string) => logs.call('AssociateKmsKey', { logGroupName: 'g', kmsKeyId })
const disassociate = () => logs.call('DisassociateKmsKey', { logGroupName: 'g' })
const got = async (): Promise<readonly (string | undefined)[]> => {
  const { events = [] } = await logs.call('GetLogEvents', {
    logGroupName: 'g',
    logStreamName: 's',
    startFromHead: true,
  })
  return events.map(({ message }) => message)
}
const filtered = async (filterPattern?: string): Promise<readonly (string | undefined)[]> => {
  const { events = [] } = await logs.call('FilterLogEvents', { logGroupName: 'g', filterPattern })
  return events.map(({ message }) => message)
}
/** What the journal has, in which no plain text may stand. */
const stored = async (number = 1): Promise<string> => {
  const events = await logs.journal.query({
    group: number,
    order: 'ascending',
    limit: 1_000,
    signal: AbortSignal.timeout(5_000),
  })
  return events.map(({ message }) => message).join('\n')
}
const afterFiveMinutes = (): void => logs.clock.advance(5 * 60_000)

test('events of a group with a key are sealed in the journal, and every way of reading opens them', async () => {
  await group('g', await newKey(keyPolicy(onlyFor('g'))))
  await logs.call('PutSubscriptionFilter', {
    logGroupName: 'g',
    filterName: 'f',
    filterPattern: 'ERROR',
    destinationArn: `arn:aws:firehose:eu-west-1:${ACCOUNT}:deliverystream/s`,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/r`,
  })
  const messages = ['ERROR one secret', 'fine secret', 'ERROR \u{1F511} secret']
  await put(...messages)
  expect(await stored()).not.toContain('secret')
  expect(await got()).toEqual(messages)
  expect(await filtered()).toEqual(messages)
  expect(await filtered('ERROR -one')).toEqual(messages.slice(2))
  await logs.service.forwarder?.idle()
  expect(forwarded).toEqual([messages[0], messages[2]])
  await logs.call('CreateExportTask', {
    logGroupName: 'g',
    from: 0,
    to: logs.clock.now() + 1,
    destination: 'bucket',
  })
  await logs.service.exports?.idle()
  for (const message of messages) expect(exported.join('')).toContain(message)
})

test('pages of a group with a key are complete, whatever the messages take when they are sealed', async () => {
  await group('g', await newKey())
  const messages = Array.from({ length: 40 }, (_, at) => `${String(at)} ${'x'.repeat(50_000)}`)
  for (let at = 0; at < messages.length; at += 20) await put(...messages.slice(at, at + 20))
  const seen: (string | undefined)[] = []
  for (let nextToken: string | undefined; ;) {
    const page = await logs.call('FilterLogEvents', { logGroupName: 'g', nextToken })
    seen.push(...(page.events ?? []).map(({ message }) => message))
    nextToken = page.nextToken
    if (nextToken === undefined) break
  }
  expect(seen).toEqual(messages)
  const read: (string | undefined)[] = []
  for (let nextToken: string | undefined; ;) {
    const page = await logs.call('GetLogEvents', {
      logGroupName: 'g',
      logStreamName: 's',
      startFromHead: true,
      nextToken,
    })
    if (page.events?.length === 0) break
    read.push(...(page.events ?? []).map(({ message }) => message))
    nextToken = page.nextForwardToken
  }
  expect(read).toEqual(messages)
})

test('keys come and go: what was put under which key, or none, stays readable together', async () => {
  await group()
  await put('before', '\u0001before')
  const first = await newKey()
  await associate(first)
  await put('first')
  await associate(await newKey())
  await put('second')
  await disassociate()
  await put('after', '\u0001after')
  expect(await stored()).not.toMatch(/first|second/)
  const all = ['before', '\u0001before', 'first', 'second', 'after', '\u0001after']
  expect(await got()).toEqual(all)
  expect(await filtered('before')).toEqual(all.slice(0, 2))
  afterFiveMinutes()
  const restarted = logs.restarted()
  const page = await restarted.operations.GetLogEvents?.(
    { logGroupName: 'g', logStreamName: 's', startFromHead: true },
    logs.context(),
  )
  expect(page?.events?.map(({ message }) => message)).toEqual(all)
  // Without the first key only what it sealed is lost, and with it every page that has some of it.
  await kms.call('DisableKey', { KeyId: first })
  afterFiveMinutes()
  await expect(got()).rejects.toMatchObject({
    code: 'AccessDeniedException',
    message: expect.stringContaining('disabled'),
  })
  await kms.call('EnableKey', { KeyId: first })
  expect(await got()).toEqual(all)
})

test('a key that may not be used any more stops puts and reads within five minutes, and stores nothing', async () => {
  const key = await newKey()
  await group('g', key)
  await put('one')
  await kms.call('PutKeyPolicy', { KeyId: key, Policy: keyPolicy(onlyFor('another')) })
  await put('two')
  afterFiveMinutes()
  const refused = {
    code: 'AccessDeniedException',
    message: `The specified KMS key does not exist or is not allowed to be used with Arn '${arnOf('g')}'`,
  }
  await expect(put('three')).rejects.toMatchObject(refused)
  await expect(got()).rejects.toMatchObject(refused)
  await expect(filtered()).rejects.toMatchObject(refused)
  await kms.call('PutKeyPolicy', { KeyId: key, Policy: keyPolicy() })
  expect(await got()).toEqual(['one', 'two'])
  await kms.call('ScheduleKeyDeletion', { KeyId: key, PendingWindowInDays: 7 })
  afterFiveMinutes()
  await expect(put('three')).rejects.toMatchObject({
    code: 'AccessDeniedException',
    message: expect.stringContaining('pending deletion'),
  })
  await kms.call('CancelKeyDeletion', { KeyId: key })
  await kms.call('EnableKey', { KeyId: key })
  expect(await got()).toEqual(['one', 'two'])
})

test('CloudWatch Logs asks KMS as itself for this group, and that is on record', async () => {
  await group('g', await newKey())
  await put('one')
  await put('two')
  const used = gate
    .records()
    .filter(({ eventSource }) => eventSource === 'kms.amazonaws.com')
    .map(({ eventName, userIdentity, requestParameters }) => [eventName, userIdentity, requestParameters])
  const by = { type: 'AWSService', invokedBy: 'logs.eu-west-1.amazonaws.com' }
  const context = expect.objectContaining({ encryptionContext: { 'aws:logs:arn': arnOf('g') } })
  expect(used).toEqual([
    ['GenerateDataKeyWithoutPlaintext', by, context],
    ['Decrypt', by, context],
  ])
})

test('a key policy may name the service without its region; one that names neither lets no group have the key', async () => {
  await group('g', await newKey(keyPolicy({}, 'logs.amazonaws.com')))
  await put('one')
  expect(await got()).toEqual(['one'])
  const closed = await newKey(keyPolicy({}, 'mq.amazonaws.com'))
  await expect(group('h', closed)).rejects.toMatchObject({ code: 'AccessDeniedException' })
  await expect(associate(closed)).rejects.toMatchObject({ code: 'AccessDeniedException' })
  await expect(logs.call('DescribeLogStreams', { logGroupName: 'h' })).rejects.toThrow('does not exist')
  await put('two')
  expect(await got()).toEqual(['one', 'two'])
})

test('a message that only looks sealed is read as it came', async () => {
  await group('g', await newKey())
  await put('real')
  const [real = ''] = (await stored()).split('\n')
  await disassociate()
  await put(real)
  expect(await got()).toEqual(['real', real])
})

test('a group of an earlier version, with a key and without a data key, gets one with its next event', async () => {
  await group()
  await put('before')
  const [record] = await logs.records.listAll<object>('logs.group')
  if (record === undefined) throw new Error('no group')
  const key = await newKey()
  await logs.records.commit([{ kind: 'put', key: record.key, value: { ...record.value, kmsKeyId: key } }])
  await kms.call('DisableKey', { KeyId: key })
  // Not an InvalidParameterException: a delivery would give the events up.
  await expect(put('refused')).rejects.toMatchObject({ code: 'AccessDeniedException' })
  await kms.call('EnableKey', { KeyId: key })
  await put('after')
  expect(await stored()).not.toContain('after')
  expect(await got()).toEqual(['before', 'after'])
})

test('a deleted group takes its data keys with it', async () => {
  const key = await newKey()
  await group('g', key)
  await associate(key)
  expect(await logs.records.listAll('logs.data-key')).toHaveLength(2)
  await logs.call('DeleteLogGroup', { logGroupName: 'g' })
  expect(await logs.records.listAll('logs.data-key')).toEqual([])
})
