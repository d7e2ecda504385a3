import { afterEach, beforeEach, expect, test } from 'vitest'
import { cachedPolicy } from '@sluice/policy'
import { AwsError } from '#kernel/errors.ts'
import type { Service } from '#kernel/service.ts'
import { BUCKET, type TrailBench, arnOf, openTrailBench } from '../../../../../testkit/src/trail-bench.ts'

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:files'

/** What SNS would be: topics with a policy, behind the real gate, and what was published. */
let policies: Map<string, string>
let published: (readonly [topic: string, message: string])[]
let fails: boolean
const sns: Pick<Service<'sns'>, 'operations' | 'access' | 'resourcePolicies'> = {
  operations: {
    Publish: ({ TopicArn = '', Message }) => {
      if (fails) throw new AwsError('InternalError', 500, 'out of order')
      published.push([TopicArn, Message])
      return { MessageId: 'm' }
    },
  },
  access: {
    Publish: {
      category: 'data',
      readOnly: false,
      checks: ({ TopicArn = '' }) => {
        if (!policies.has(TopicArn)) throw new AwsError('NotFound', 404, 'Topic does not exist')
        return [{ action: 'sns:Publish', resource: TopicArn }]
      },
    },
  },
  resourcePolicies: async ({ resource }) => {
    const text = policies.get(resource) ?? ''
    return text === '' ? [] : [{ name: 'topic policy', policy: cachedPolicy(text, 'resource') }]
  },
}
const topicPolicy = (trailArn: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AWSCloudTrailSNSPolicy20131101',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 'SNS:Publish',
        Resource: TOPIC,
        Condition: { StringEquals: { 'aws:SourceArn': trailArn } },
      },
    ],
  })

let bench: TrailBench
beforeEach(() => {
  policies = new Map([[TOPIC, topicPolicy(arnOf('audit'))]])
  published = []
  fails = false
  bench = openTrailBench({ sns })
})
afterEach(() => bench.close())

const status = () => bench.call('GetTrailStatus', { Name: 'audit' })
const WRONG = 'InsufficientSnsTopicPolicyException SNS Topic does not exist or the topic policy is incorrect!'

test('a trail tells its topic of every delivery, once it was let in', async () => {
  await bench.trail('audit', { SnsTopicName: 'files' })
  expect(published).toEqual([[TOPIC, 'CloudTrail validation message.']])
  const named = { SnsTopicName: 'files', SnsTopicARN: TOPIC }
  expect(await bench.call('GetTrail', { Name: 'audit' })).toMatchObject({ Trail: named })
  await bench.later(6)
  const keys = bench.buckets.keys('.json.gz').map((path) => path.slice(BUCKET.length + 1))
  expect(keys).toHaveLength(1)
  expect(published.slice(1)).toEqual([[TOPIC, JSON.stringify({ s3Bucket: BUCKET, s3ObjectKey: keys })]])
  const told = await status()
  expect(told).toMatchObject({ LatestNotificationTime: bench.gateway.iam.clock.now() / 1_000 })
  expect(told['LatestNotificationAttemptSucceeded']).toBe(told['LatestNotificationAttemptTime'])
  expect(told).not.toHaveProperty('LatestNotificationError')
})

test('files are delivered though the topic does not answer, and that is told', async () => {
  await bench.trail('audit', { SnsTopicName: TOPIC })
  fails = true
  await bench.later(6)
  expect(bench.buckets.keys('.json.gz')).toHaveLength(1)
  const failed = await status()
  expect(failed).toMatchObject({ LatestNotificationError: 'InternalError', LatestNotificationAttemptSucceeded: '' })
  expect(failed).not.toHaveProperty('LatestDeliveryError')
  expect(failed['LatestNotificationAttemptTime']).not.toBe('')
  fails = false
  await bench.later(6)
  expect(await status()).not.toHaveProperty('LatestNotificationError')
  expect(bench.buckets.keys('.json.gz')).toHaveLength(2)
})

test('a topic that is closed later refuses, and stays with the trail until it is taken away', async () => {
  await bench.trail('audit', { SnsTopicName: 'files' })
  policies.set(TOPIC, topicPolicy(arnOf('another')))
  await bench.later(6)
  expect((await status())['LatestNotificationError']).toMatch(/AuthorizationError|AccessDenied/)
  await bench.call('UpdateTrail', { Name: 'audit', S3BucketName: BUCKET })
  expect(await bench.call('GetTrail', { Name: 'audit' })).toMatchObject({ Trail: { SnsTopicARN: TOPIC } })
  const without = await bench.call('UpdateTrail', { Name: 'audit', SnsTopicName: '' })
  expect(without).not.toHaveProperty('SnsTopicARN')
  const before = published.length
  await bench.later(6)
  expect(published).toHaveLength(before)
  expect(await status()).not.toHaveProperty('LatestNotificationError')
})

test('a topic that is not there, of another trail, or of a bad name is refused, and nothing is made', async () => {
  policies.set(TOPIC, topicPolicy(arnOf('another')))
  const refusal = (SnsTopicName: string) =>
    bench.trail('audit', { SnsTopicName }).catch((error: unknown) => (error as Error).message)
  for (const name of ['files', 'none', 'arn:aws:sns:eu-west-1:444455556666:files'])
    expect(await refusal(name)).toBe(WRONG)
  for (const name of ['a b', 'x'.repeat(257), 'arn:aws:sqs:us-east-1:111122223333:files'])
    expect(await refusal(name)).toContain('InvalidSnsTopicNameException')
  expect(await bench.call('ListTrails')).toEqual({ Trails: [] })
})

test('where there is no SNS no topic exists', async () => {
  const without = openTrailBench()
  await expect(without.trail('audit', { SnsTopicName: 'files' })).rejects.toThrow(WRONG)
  await without.close()
})
