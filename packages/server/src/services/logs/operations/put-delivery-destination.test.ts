import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

const BUCKET = 'arn:aws:s3:::logs-of-gadgets'
const GROUP = 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/gadgets'
const ARN = 'arn:aws:logs:eu-west-1:111122223333:delivery-destination:d'
const MISSING = {
  code: 'ResourceNotFoundException',
  message: 'Requested Delivery Destination does not exist in this account.',
}
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'logs:CreateDelivery', Resource: '*' }],
})

let bench: LogsBench
beforeEach(() => {
  bench = openLogsBench()
})
afterEach(() => bench.close())

type Put = LogsInput<'PutDeliveryDestination'>
const put = (destinationResourceArn: string, others: Partial<Put> = {}) =>
  bench.call('PutDeliveryDestination', {
    name: 'd',
    deliveryDestinationConfiguration: { destinationResourceArn },
    ...others,
  })

test('a bucket becomes a destination; its tags are told by everyone but the answer to putting it', async () => {
  const deliveryDestination = {
    name: 'd',
    arn: ARN,
    deliveryDestinationType: 'S3',
    outputFormat: 'json',
    deliveryDestinationConfiguration: { destinationResourceArn: BUCKET },
  }
  expect(await put(BUCKET, { outputFormat: 'json', tags: { team: 'a' } })).toEqual({ deliveryDestination })
  const tagged = { ...deliveryDestination, tags: { team: 'a' } }
  expect(await bench.call('GetDeliveryDestination', { name: 'd' })).toEqual({ deliveryDestination: tagged })
  expect(await bench.call('DescribeDeliveryDestinations', {})).toEqual({ deliveryDestinations: [tagged] })
  expect(await bench.call('ListTagsForResource', { resourceArn: ARN })).toEqual({ tags: { team: 'a' } })
})

test.each([
  [BUCKET, 'S3'],
  [`${BUCKET}/prefix/of/mine`, 'S3'],
  [GROUP, 'CWL'],
  [`${GROUP}:*`, 'CWL'],
] as const)('%s is of type %s', async (arn, type) => {
  const { deliveryDestination } = await put(arn, { deliveryDestinationType: type })
  expect(deliveryDestination).toEqual({
    name: 'd',
    arn: ARN,
    deliveryDestinationType: type,
    deliveryDestinationConfiguration: { destinationResourceArn: arn },
  })
})

const UNSUPPORTED = 'Delivery Destination Resource ARN is of unsupported service.'
test.each([
  ['no ARN', 'x', {}, 'Invalid ARN provided.'],
  ['a bucket with a region', 'arn:aws:s3:eu-west-1::b', {}, 'Invalid ARN provided.'],
  ['a stream of a log group', `${GROUP}:log-stream:s`, {}, 'Invalid ARN provided.'],
  ['Firehose', 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/s', {}, UNSUPPORTED],
  ['a queue', 'arn:aws:sqs:eu-west-1:111122223333:q', {}, UNSUPPORTED],
  ['X-Ray', undefined, { deliveryDestinationType: 'XRAY' }, UNSUPPORTED],
  [
    'a group in another region',
    GROUP.replace('eu-west-1', 'us-east-1'),
    {},
    'Region from identity does not match the Destination Resource ARN.',
  ],
  [
    'a group in another account',
    GROUP.replace('111122223333', '444455556666'),
    {},
    'Account id from identity does not match the Destination Resource ARN.',
  ],
  [
    'another type than the ARN has',
    BUCKET,
    { deliveryDestinationType: 'CWL' },
    'The Delivery Destination Type CWL does not match the Destination Resource ARN, which is of type S3.',
  ],
  [
    'nothing to deliver to',
    undefined,
    {},
    "1 validation error detected: Value null at 'deliveryDestinationConfiguration' failed to satisfy constraint: Member must not be null",
  ],
] as const)('%s is refused', async (_what, arn, others, message) => {
  const configuration = arn === undefined ? { deliveryDestinationConfiguration: undefined } : {}
  await expect(put(arn ?? '', { ...others, ...configuration })).rejects.toMatchObject({
    code: 'ValidationException',
    message,
  })
  expect((await bench.call('DescribeDeliveryDestinations', {})).deliveryDestinations).toEqual([])
})

test('a destination can be put elsewhere of its type, and keeps its format and tags', async () => {
  await put(BUCKET, { outputFormat: 'json', tags: { team: 'a' } })
  await put(`${BUCKET}-2`)
  await bench.call('PutDeliveryDestination', { name: 'd' })
  const { deliveryDestination } = await bench.call('GetDeliveryDestination', { name: 'd' })
  expect(deliveryDestination).toMatchObject({
    outputFormat: 'json',
    deliveryDestinationConfiguration: { destinationResourceArn: `${BUCKET}-2` },
    tags: { team: 'a' },
  })
  await expect(put(BUCKET, { tags: { team: 'b' } })).rejects.toMatchObject({ code: 'ConflictException' })
  await expect(put(BUCKET, { outputFormat: 'plain' })).rejects.toMatchObject({
    code: 'ValidationException',
    message:
      'Update to existing Delivery Destination with new Output Format is not allowed. Please create a new Delivery Destination instead.',
  })
  await expect(put(GROUP)).rejects.toThrow(/new Delivery Destination Type is not allowed/)
  expect(await bench.call('GetDeliveryDestination', { name: 'd' })).toEqual({ deliveryDestination })
})

test('a policy is put, answered as it was put, and deleted', async () => {
  const name = { deliveryDestinationName: 'd' }
  await put(BUCKET)
  expect(await bench.call('GetDeliveryDestinationPolicy', name)).toEqual({ policy: {} })
  const policy = { deliveryDestinationPolicy: POLICY }
  expect(await bench.call('PutDeliveryDestinationPolicy', { ...name, ...policy })).toEqual({ policy })
  expect(await bench.call('GetDeliveryDestinationPolicy', name)).toEqual({ policy })
  await expect(
    bench.call('PutDeliveryDestinationPolicy', { ...name, deliveryDestinationPolicy: '{}' }),
  ).rejects.toMatchObject({
    code: 'ValidationException',
    message: 'Invalid Delivery Destination resource Policy is provided.',
  })
  expect(await bench.call('GetDeliveryDestinationPolicy', name)).toEqual({ policy })
  await bench.call('DeleteDeliveryDestinationPolicy', name)
  expect(await bench.call('GetDeliveryDestinationPolicy', name)).toEqual({ policy: {} })
})

test('destinations come by name, a page at a time, and only those of the account', async () => {
  for (const name of ['b', 'a', 'c']) await put(BUCKET, { name })
  const first = await bench.call('DescribeDeliveryDestinations', { limit: 2 })
  expect(first.deliveryDestinations?.map(({ name }) => name)).toEqual(['a', 'b'])
  const second = await bench.call('DescribeDeliveryDestinations', { limit: 2, nextToken: first.nextToken })
  expect(second.deliveryDestinations?.map(({ name }) => name)).toEqual(['c'])
  expect(second.nextToken).toBeUndefined()
  const elsewhere = await bench.call('DescribeDeliveryDestinations', {}, { account: accountId('444455556666') })
  expect(elsewhere.deliveryDestinations).toEqual([])
  await expect(bench.call('DescribeDeliveryDestinations', { nextToken: 'forged' })).rejects.toMatchObject({
    code: 'ValidationException',
  })
})

test('what is not there is said not to be', async () => {
  await put(BUCKET)
  await bench.call('DeleteDeliveryDestination', { name: 'd' })
  const policy = { deliveryDestinationName: 'd', deliveryDestinationPolicy: POLICY }
  await expect(bench.call('DeleteDeliveryDestination', { name: 'd' })).rejects.toMatchObject(MISSING)
  await expect(bench.call('GetDeliveryDestination', { name: 'd' })).rejects.toMatchObject(MISSING)
  await expect(bench.call('PutDeliveryDestinationPolicy', policy)).rejects.toMatchObject(MISSING)
  await expect(bench.call('GetDeliveryDestinationPolicy', policy)).rejects.toMatchObject(MISSING)
  await expect(bench.call('DeleteDeliveryDestinationPolicy', policy)).rejects.toMatchObject(MISSING)
})
