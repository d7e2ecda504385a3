import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SubscriptionTarget } from '#services/logs/subscriptions/target.ts'
import { mergedTags, remainingTags } from '#services/logs/tags.ts'
import { type LogsBench, openLogsBench } from '../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
let resourceArn: string
beforeEach(async () => {
  bench = openLogsBench()
  resourceArn = `arn:aws:logs:${bench.region}:${bench.account}:log-group:/app/g`
  await bench.call('CreateLogGroup', { logGroupName: '/app/g' })
})
afterEach(() => bench.close())

const logGroupName = '/app/g'
const byArn = async () => (await bench.call('ListTagsForResource', { resourceArn })).tags
const byName = async () => (await bench.call('ListTagsLogGroup', { logGroupName })).tags

test('a group without tags has an empty list', async () => {
  expect(await bench.call('ListTagsForResource', { resourceArn })).toEqual({ tags: {} })
})

test('both tag APIs change one set of tags', async () => {
  await bench.call('TagResource', { resourceArn, tags: { a: '1', b: '2' } })
  await bench.call('TagLogGroup', { logGroupName, tags: { b: '3', c: '4' } })
  expect(await byArn()).toEqual({ a: '1', b: '3', c: '4' })
  await bench.call('UntagResource', { resourceArn, tagKeys: ['c', 'missing'] })
  await bench.call('UntagLogGroup', { logGroupName, tags: ['a'] })
  expect(await byName()).toEqual({ b: '3' })
  expect(await byArn()).toEqual({ b: '3' })
})

test('a resource has at most 50 tags, and one too many changes nothing', async () => {
  const tags = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${String(i)}`, 'v']))
  await bench.call('TagResource', { resourceArn, tags })
  await bench.call('TagResource', { resourceArn, tags: { k0: 'changed' } })
  await expect(bench.call('TagResource', { resourceArn, tags: { k0: 'again', more: 'v' } })).rejects.toMatchObject({
    code: 'TooManyTagsException',
    members: { resourceName: resourceArn },
  })
  expect((await byArn())?.['k0']).toBe('changed')
})

test('keys of AWS cannot be used', async () => {
  await expect(bench.call('TagResource', { resourceArn, tags: { 'AWS:x': '1' } })).rejects.toMatchObject({
    code: 'InvalidParameterException',
  })
})

test('a destination has tags like a log group', async () => {
  const take: SubscriptionTarget = { send: () => Promise.resolve() }
  const tagged = openLogsBench({ targets: new Map([['firehose', take]]) })
  const arn = `arn:aws:logs:${tagged.region}:${tagged.account}:destination:d`
  const read = async () => (await tagged.call('ListTagsForResource', { resourceArn: arn })).tags
  const destination = {
    destinationName: 'd',
    targetArn: 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/s',
    roleArn: 'arn:aws:iam::111122223333:role/r',
  }
  try {
    await tagged.call('PutDestination', { ...destination, tags: { a: '1' } })
    expect(await read()).toEqual({ a: '1' })
    await tagged.call('TagResource', { resourceArn: arn, tags: { b: '2' } })
    await tagged.call('UntagResource', { resourceArn: arn, tagKeys: ['a'] })
    await expect(tagged.call('PutDestination', { ...destination, tags: { c: '3' } })).rejects.toThrow(
      /^Tags can only be/,
    )
    await tagged.call('PutDestination', destination)
    expect(await read()).toEqual({ b: '2' })
    const { destinations } = await tagged.call('DescribeDestinations', {})
    expect(Object.keys(destinations?.[0] ?? {})).not.toContain('tags')
    const check = { action: 'logs:TagResource', resource: arn }
    const scope = { account: tagged.account, region: tagged.region, principal: tagged.context().principal }
    expect(await tagged.service.resourceTags?.(check, scope)).toEqual([{ Key: 'b', Value: '2' }])
  } finally {
    await tagged.close()
  }
})

test('the ARN is that of a resource here, of a log group without :*', async () => {
  const arns = [
    `${resourceArn}:*`,
    resourceArn.replace('eu-west-1', 'us-east-1'),
    resourceArn.replace(bench.account, '444455556666'),
    ...['destination', 'delivery-source', 'delivery-destination', 'delivery', 'anomaly-detector'].map(
      (kind) => `arn:aws:logs:${bench.region}:${bench.account}:${kind}:d`,
    ),
    `arn:aws:logs:us-east-1:${bench.account}:destination:d`,
    `arn:aws:logs:${bench.region}:${bench.account}:log-group:missing`,
    'nonsense',
  ]
  for (const arn of arns) {
    await expect(bench.call('ListTagsForResource', { resourceArn: arn }), arn).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    })
    await expect(bench.call('TagResource', { resourceArn: arn, tags: { a: '1' } }), arn).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    })
  }
  expect(await byName()).toEqual({})
})

test('a tag may be called like a property of every object', () => {
  const tags = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>
  const merged = mergedTags({ x: '1' }, tags, 'g')
  expect(JSON.stringify(merged)).toBe('{"x":"1","__proto__":"a","constructor":"b"}')
  expect(JSON.stringify(remainingTags(merged, ['x', 'toString']))).toBe('{"__proto__":"a","constructor":"b"}')
})
