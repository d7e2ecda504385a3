import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SubscriptionPayload } from '#services/logs/subscriptions/payload.ts'
import type { SubscriptionRoute, SubscriptionTarget } from '#services/logs/subscriptions/target.ts'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

const STREAM = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/s'
const ROLE = 'arn:aws:iam::111122223333:role/r'

let bench: LogsBench
let sent: { readonly route: SubscriptionRoute; readonly payload: SubscriptionPayload }[]
let away: boolean
beforeEach(async () => {
  sent = []
  away = false
  const firehose: SubscriptionTarget = {
    send: async (route, payload) => {
      if (away) throw new Error('not ACTIVE')
      sent.push({ route, payload })
    },
  }
  bench = openLogsBench({ targets: new Map([['firehose', firehose]]) })
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
})
afterEach(() => bench.close())

const put = (input: Partial<LogsInput<'PutSubscriptionFilter'>> = {}) =>
  bench.call('PutSubscriptionFilter', {
    logGroupName: 'g',
    filterName: 'f',
    filterPattern: '',
    destinationArn: STREAM,
    roleArn: ROLE,
    ...input,
  })
const described = async () =>
  (await bench.call('DescribeSubscriptionFilters', { logGroupName: 'g' })).subscriptionFilters ?? []

test('a test message arrives before the filter is stored', async () => {
  await put({ filterPattern: ' ERROR' })
  expect(sent).toMatchObject([
    {
      route: {
        destinationArn: STREAM,
        roleArn: ROLE,
        sourceArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:g',
        sourceAccount: bench.account,
        region: bench.region,
        distribution: 'ByLogStream',
      },
      payload: { messageType: 'CONTROL_MESSAGE' },
    },
  ])
  expect(await described()).toEqual([
    {
      filterName: 'f',
      logGroupName: 'g',
      filterPattern: ' ERROR',
      destinationArn: STREAM,
      roleArn: ROLE,
      distribution: 'ByLogStream',
      applyOnTransformedLogs: false,
      creationTime: bench.clock.now(),
    },
  ])
})

test.each([
  {
    destinationArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/s',
    message:
      'Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state.',
  },
  {
    destinationArn: 'arn:aws:lambda:eu-west-1:111122223333:function:f',
    roleArn: undefined,
    message:
      'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
  },
  {
    destinationArn: 'arn:aws:logs:eu-west-1:111122223333:destination:d',
    message: 'Could not deliver test message to specified destination. Check if the destination is valid.',
  },
])('what cannot be reached is refused and stores nothing: $destinationArn', async ({ message, ...input }) => {
  await expect(put(input)).rejects.toMatchObject({ code: 'InvalidParameterException', status: 400, message })
  expect(await described()).toEqual([])
})

test('a target that does not take the test message is refused', async () => {
  away = true
  await expect(put()).rejects.toThrow(
    'Could not deliver test message to specified Firehose stream. Check if the given Firehose stream is in ACTIVE state.',
  )
  expect(await described()).toEqual([])
})

test('streams need a role, functions must not have one and be of the own account', async () => {
  await expect(put({ roleArn: undefined })).rejects.toThrow(
    'destinationArn for vendor firehose cannot be used without roleArn',
  )
  const own = 'arn:aws:lambda:eu-west-1:111122223333:function:f'
  await expect(put({ destinationArn: own })).rejects.toThrow(
    'destinationArn for vendor lambda cannot be used with roleArn',
  )
  await expect(
    put({ destinationArn: own.replace('111122223333', '444455556666'), roleArn: undefined }),
  ).rejects.toMatchObject({
    code: 'AccessDeniedException',
    message:
      'Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross account lambda triggers.',
  })
})

test('a group has at most two filters, however many are put at once', async () => {
  const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map((filterName) => put({ filterName })))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  for (const filterName of ['e', 'f']) {
    await expect(put({ filterName })).rejects.toMatchObject({
      code: 'LimitExceededException',
      message: 'Resource limit exceeded.',
    })
  }
  const [first] = await described()
  await put({ filterName: first?.filterName ?? '', filterPattern: 'changed' })
  expect((await described())[0]?.filterPattern).toBe('changed')
})

test('regular expressions are counted together with those of metric filters', async () => {
  for (let i = 0; i < 5; i += 1) {
    await bench.call('PutMetricFilter', {
      logGroupName: 'g',
      filterName: String(i),
      filterPattern: '%a%',
      metricTransformations: [{ metricName: 'm', metricNamespace: 'N', metricValue: '1' }],
    })
  }
  await expect(put({ filterPattern: '%b%' })).rejects.toMatchObject({ code: 'LimitExceededException' })
  await put({ filterPattern: 'b' })
})

test('what else is wrong is refused before anything is sent', async () => {
  await expect(put({ filterPattern: '{ $.a }' })).rejects.toThrow('Invalid filter pattern')
  await expect(put({ emitSystemFields: ['@x'] })).rejects.toThrow(/There is no system field @x/)
  await expect(put({ logGroupName: 'none' })).rejects.toThrow('The specified log group does not exist.')
  await bench.call('CreateLogGroup', { logGroupName: 'cold', logGroupClass: 'INFREQUENT_ACCESS' })
  await expect(put({ logGroupName: 'cold' })).rejects.toMatchObject({ code: 'InvalidParameterException' })
  expect(sent).toEqual([])
})

test('a filter can be deleted once, and goes with its group', async () => {
  await put()
  await put({ filterName: 'g' })
  await bench.call('DeleteSubscriptionFilter', { logGroupName: 'g', filterName: 'f' })
  await expect(bench.call('DeleteSubscriptionFilter', { logGroupName: 'g', filterName: 'f' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'The specified subscription filter does not exist.',
  })
  await bench.call('DeleteLogGroup', { logGroupName: 'g' })
  expect(await bench.records.listAll('logs.subscription-filter')).toEqual([])
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  expect(await described()).toEqual([])
})

test('filters come by name, a page at a time', async () => {
  await put({ filterName: 'b' })
  await put({ filterName: 'a' })
  const first = await bench.call('DescribeSubscriptionFilters', { logGroupName: 'g', limit: 1 })
  expect(first.subscriptionFilters?.map(({ filterName }) => filterName)).toEqual(['a'])
  const { nextToken } = first
  const second = await bench.call('DescribeSubscriptionFilters', { logGroupName: 'g', limit: 1, nextToken })
  expect(second.subscriptionFilters?.map(({ filterName }) => filterName)).toEqual(['b'])
  expect(second.nextToken).toBeUndefined()
  const prefixed = await bench.call('DescribeSubscriptionFilters', { logGroupName: 'g', filterNamePrefix: 'b' })
  expect(prefixed.subscriptionFilters).toHaveLength(1)
})
