import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tellServiceEvents } from '#audit/service-event.ts'
import { region } from '#kernel/ids.ts'
import { ACCOUNT } from '#services/iam/test-bench.ts'
import { trailBucketPolicy } from '../../../../../testkit/src/fake-buckets.ts'
import { BUCKET, type TrailBench, arnOf, openTrailBench } from '../../../../../testkit/src/trail-bench.ts'

let bench: TrailBench
beforeEach(() => {
  bench = openTrailBench()
})
afterEach(() => bench.close())

interface Entry {
  readonly eventName: string
  readonly eventID: string
  readonly awsRegion: string
}
const logFiles = (): readonly string[] => bench.buckets.keys('.json.gz').filter((path) => !path.includes('Digest'))
const entries = (paths = logFiles()): readonly Entry[] =>
  paths.flatMap((path) => (JSON.parse(bench.buckets.text(path)) as { Records: Entry[] }).Records)
const names = (): readonly string[] => entries().map(({ eventName }) => eventName)
/** A call that is recorded: a role that does not exist. */
const touch = (place = 'us-east-1'): Promise<unknown> => bench.call('DescribeTrails', {}, { region: place })
const status = (name = 'audit') => bench.call('GetTrailStatus', { Name: name })

test('five minutes after the call its record is in a file, where AWS would have put it', async () => {
  await bench.trail('audit')
  await touch()
  await bench.later(4)
  expect(logFiles()).toEqual([])
  await bench.later(1)
  const [path = '', ...others] = logFiles()
  expect(others).toEqual([])
  expect(path).toMatch(
    new RegExp(
      `^${BUCKET}/AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/21/111122223333_CloudTrail_us-east-1_20261121T1121Z_[A-Z2-7]{16}\\.json\\.gz$`,
    ),
  )
  expect(names()).toEqual(['StartLogging', 'DescribeTrails'])
  expect(entries()).toEqual(bench.gateway.records().filter(({ eventName }) => names().includes(String(eventName))))
  expect(bench.buckets.objects.get(path)?.input).toMatchObject({
    ACL: 'bucket-owner-full-control',
    ContentType: 'application/json',
    ContentEncoding: 'gzip',
    ContentLength: bench.buckets.objects.get(path)?.bytes.length,
  })
  expect(await status()).toMatchObject({
    LatestDeliveryTime: expect.any(Number) as number,
    LatestDeliveryAttemptSucceeded: '2026-11-21T11:21:40Z',
  })
  expect(await status()).not.toHaveProperty('LatestDeliveryError')
})

test('each region has its own file, and the prefix stands first', async () => {
  await bench.trail('audit', { S3KeyPrefix: 'org/x', IsMultiRegionTrail: true })
  await touch('eu-west-1')
  await bench.later(5)
  expect(logFiles().map((path) => path.split('/CloudTrail/')[0])).toEqual([
    `${BUCKET}/org/x/AWSLogs/111122223333`,
    `${BUCKET}/org/x/AWSLogs/111122223333`,
  ])
  for (const path of logFiles()) {
    for (const { awsRegion } of entries([path])) expect(path).toContain(`/CloudTrail/${awsRegion}/`)
  }
})

describe('which events', () => {
  test('a trail of one region gets that region, and global events only where they are recorded', async () => {
    await bench.trail('here')
    await bench.trail('there', { S3BucketName: 'there-bucket' }, 'eu-west-1')
    await bench.gateway.send('iam', 'ListUsers')
    await touch('eu-west-1')
    await touch('ap-south-1')
    await bench.later(5)
    const byRegion = new Set(entries().map(({ awsRegion, eventName }) => `${awsRegion} ${eventName}`))
    expect(byRegion).toContain('us-east-1 ListUsers')
    expect(byRegion).toContain('eu-west-1 DescribeTrails')
    expect([...byRegion].filter((text) => text.startsWith('ap-south-1'))).toEqual([])
    expect(names().filter((name) => name === 'ListUsers')).toHaveLength(1)
  })

  test('global events can be left out', async () => {
    await bench.trail('audit', { IncludeGlobalServiceEvents: false })
    await bench.gateway.send('iam', 'ListUsers')
    await touch()
    await bench.later(5)
    expect(names()).toEqual(['StartLogging', 'DescribeTrails'])
  })

  test('selectors decide', async () => {
    await bench.trail('audit')
    await bench.call('PutEventSelectors', { TrailName: 'audit', EventSelectors: [{ ReadWriteType: 'WriteOnly' }] })
    await touch()
    await bench.later(5)
    expect(names()).toEqual(['StartLogging', 'PutEventSelectors'])
  })

  test('what a service did by itself is a management event, and can be told apart by its type', async () => {
    const arn = await bench.trail('audit')
    const tell = tellServiceEvents(bench.gateway.journal)
    await tell({
      account: ACCOUNT,
      region: region('us-east-1'),
      at: bench.gateway.iam.clock.now(),
      eventSource: 'kms.amazonaws.com',
      eventName: 'RotateKey',
      eventId: '0b6a9cbd-0000-4000-8000-000000000000',
      resources: [{ type: 'AWS::KMS::Key', name: 'arn:aws:kms:us-east-1:111122223333:key/k' }],
      details: { keyId: 'k' },
    })
    const field = (Field: string, ...Equals: readonly string[]) => ({ Field, Equals })
    const FieldSelectors = [field('eventCategory', 'Management'), field('eventType', 'AwsServiceEvent')]
    await bench.call('PutEventSelectors', { TrailName: arn, AdvancedEventSelectors: [{ FieldSelectors }] })
    await bench.later(6)
    expect(names()).toEqual(['RotateKey'])
    const { Events } = await bench.call('LookupEvents', {
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'RotateKey' }],
    })
    expect(Events).toHaveLength(1)
  })

  test('what comes between stop and start is in no file, and what came before the stop is', async () => {
    await bench.trail('audit')
    await touch()
    await bench.call('StopLogging', { Name: 'audit' })
    await touch('us-east-1')
    await bench.call('StartLogging', { Name: 'audit' })
    await bench.later(5)
    expect(names()).toEqual(['StartLogging', 'DescribeTrails', 'StartLogging'])
  })

  test('another account has nothing in it', async () => {
    await bench.trail('audit')
    await bench.call('DescribeTrails', {}, { accessKeyId: '444455556666', secret: 'test' })
    await bench.later(5)
    expect(names()).toEqual(['StartLogging'])
  })
})

describe('a bucket that refuses', () => {
  test('is tried again, the status says why, and nothing is lost', async () => {
    await bench.trail('audit')
    await touch()
    bench.buckets.policies.set(BUCKET, '')
    await bench.later(5)
    await bench.later(5)
    expect(logFiles()).toEqual([])
    expect(await status()).toMatchObject({
      LatestDeliveryError: 'AccessDenied',
      LatestDeliveryAttemptTime: '2026-11-21T11:26:40Z',
    })
    bench.buckets.policies.set(BUCKET, trailBucketPolicy(BUCKET, bench.account, arnOf('audit')))
    await bench.later(0)
    expect(names()).toContain('DescribeTrails')
    expect(await status()).not.toHaveProperty('LatestDeliveryError')
    expect(bench.gateway.warnings.filter(({ event }) => event === 'cloudtrail_delivery_waiting')).toHaveLength(1)
  })

  test('does not hold up the trail of another bucket', async () => {
    await bench.trail('audit')
    await bench.trail('other', { S3BucketName: 'other-bucket' })
    bench.buckets.policies.set(BUCKET, '')
    await bench.later(5)
    expect(logFiles().map((path) => path.split('/')[0])).toEqual(['other-bucket'])
  })

  test('that is of another trail is refused', async () => {
    await bench.trail('audit')
    bench.buckets.policies.set(BUCKET, trailBucketPolicy(BUCKET, bench.account, arnOf('other')))
    await bench.later(5)
    expect(logFiles()).toEqual([])
  })
})

describe('a crash', () => {
  test.each(['before', 'after'] as const)('%s a file was there ends in each event once', async (when) => {
    await bench.trail('audit', { IsMultiRegionTrail: true })
    await touch()
    await touch('eu-west-1')
    bench.buckets.fault = (path) => (path.includes('/eu-west-1/') ? when : undefined)
    await bench.later(5)
    // What is recorded and selected meanwhile is for the next files.
    await bench.call('PutEventSelectors', { TrailName: 'audit', EventSelectors: [{ ReadWriteType: 'WriteOnly' }] })
    bench.buckets.fault = undefined
    await bench.courier().run()
    expect(names().toSorted()).toEqual(['DescribeTrails', 'DescribeTrails', 'PutEventSelectors', 'StartLogging'])
    const ids = entries().map(({ eventID }) => eventID)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('between the call and the delivery loses nothing', async () => {
    await bench.trail('audit')
    await touch()
    bench.gateway.iam.clock.at += 5 * 60_000
    await bench.courier().run()
    expect(names()).toEqual(['StartLogging', 'DescribeTrails'])
  })
})

test('what a deleted trail logged is still delivered, and then nothing is known of it', async () => {
  await bench.trail('audit')
  await touch()
  await bench.call('DeleteTrail', { Name: 'audit' })
  await touch()
  await bench.later(0)
  expect(names()).toEqual(['StartLogging', 'DescribeTrails'])
  const { records } = bench.gateway.iam
  for (const collection of ['cloudtrail.retired', 'cloudtrail.delivery', 'cloudtrail.file'])
    expect(await records.listAll(collection)).toEqual([])
})

test('many events go into several files, each event into one', async () => {
  await bench.trail('audit')
  const { journal } = bench.gateway
  const [sample] = journal.events()
  if (sample === undefined) throw new Error('nothing was recorded')
  for (let index = 0; index < 12_000; index += 1)
    await journal.append({
      ...sample,
      record: JSON.stringify({ eventName: `e${String(index)}`, eventID: String(index) }),
    })
  await bench.later(5)
  expect(logFiles().length).toBe(3)
  expect(names().slice(1)).toEqual(Array.from({ length: 12_000 }, (_, index) => `e${String(index)}`))
})
