import { afterEach, beforeEach, expect, test } from 'vitest'
import { BUCKET, type TrailBench, arnOf, openTrailBench } from '../../../../../testkit/src/trail-bench.ts'
import { region } from '#kernel/ids.ts'
import { ACCOUNT, contextOf, rootOf } from '#services/iam/test-bench.ts'

let bench: TrailBench
beforeEach(async () => {
  bench = openTrailBench()
  await bench.trail('audit')
  bench.buckets.policies.set('data-bucket', '')
})
afterEach(() => bench.close())

/** A write of the account's root, as through a service that acts for it. */
const put = (Key: string, place = 'us-east-1'): Promise<unknown> => {
  const ctx = { ...contextOf(rootOf(ACCOUNT), bench.gateway.iam.clock.at), region: region(place) }
  const as = { kind: 'caller', ctx, via: 'mq.amazonaws.com' } as const
  return bench.gateway.gateway.call(as, 's3', 'PutObject', { Bucket: 'data-bucket', Key })
}
const data = () => bench.gateway.journal.events().filter(({ category }) => category === 'Data')
const select = (...values: readonly string[]): Promise<unknown> =>
  bench.call('PutEventSelectors', {
    TrailName: 'audit',
    EventSelectors: [{ DataResources: [{ Type: 'AWS::S3::Object', Values: values }] }],
  })

test('data calls are recorded from the moment on that a trail selects them, and no longer', async () => {
  await put('before')
  await select('arn:aws:s3:::data-bucket/')
  await put('during')
  await bench.call('StopLogging', { Name: 'audit' })
  await put('stopped')
  expect(data().map(({ resources }) => resources[0]?.name)).toEqual(['arn:aws:s3:::data-bucket/during'])
})

test('the record says that it is a data event, and stands in the file but not in event history', async () => {
  await select('arn:aws:s3')
  await put('k')
  await bench.later(5)
  const [path = ''] = bench.buckets.keys('.json.gz')
  const { Records } = JSON.parse(bench.buckets.text(path)) as { Records: Readonly<Record<string, unknown>>[] }
  expect(Records.find(({ eventName }) => eventName === 'PutObject')).toMatchObject({
    eventSource: 's3.amazonaws.com',
    managementEvent: false,
    eventCategory: 'Data',
    readOnly: false,
    resources: [
      { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::data-bucket/k' },
      { type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::data-bucket' },
    ],
  })
  const { Events } = (await bench.call('LookupEvents')) as { Events: { EventName: string }[] }
  expect(Events.map(({ EventName }) => EventName)).not.toContain('PutObject')
})

test('what is not selected is not recorded: other objects, other regions', async () => {
  await select('arn:aws:s3:::other/')
  await put('k')
  await select('arn:aws:s3')
  await put('k', 'eu-west-1')
  expect(data()).toEqual([])
})

test('a trail does not feed itself with its own files', async () => {
  await select('arn:aws:s3')
  await bench.later(5)
  await bench.later(5)
  expect(bench.buckets.keys('.json.gz').length).toBeGreaterThan(0)
  expect(data()).toEqual([])
  expect(bench.buckets.keys().filter((path) => path.startsWith(BUCKET)).length).toBe(2)
})

test('a call that was denied is recorded like any other', async () => {
  await select('arn:aws:s3')
  const as = {
    kind: 'service',
    service: 'mq.amazonaws.com',
    sourceArn: arnOf('x'),
    sourceAccount: ACCOUNT,
    region: region('us-east-1'),
  } as const
  await expect(bench.gateway.gateway.call(as, 's3', 'PutObject', { Bucket: 'data-bucket', Key: 'k' })).rejects.toThrow(
    'not authorized',
  )
  expect(data()).toEqual([])
  bench.buckets.policies.set(
    'data-bucket',
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: 'arn:aws:s3:::data-bucket/*' }],
    }),
  )
  await expect(put('k')).rejects.toThrow('explicit deny')
  expect(data().map(({ record }) => (JSON.parse(record) as { errorCode: string }).errorCode)).toEqual(['AccessDenied'])
})
