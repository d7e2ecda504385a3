import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import type { SubscriptionRoute, SubscriptionTarget } from '#services/logs/subscriptions/target.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

const TARGET = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/s'
const ROLE = 'arn:aws:iam::111122223333:role/r'
const ARN = 'arn:aws:logs:eu-west-1:111122223333:destination:d'
const FOREIGN = accountId('444455556666')
const policy = (account: string = FOREIGN) =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${account}"},"Action":"logs:PutSubscriptionFilter","Resource":"${ARN}"}]}`

let bench: LogsBench
let routes: SubscriptionRoute[]
beforeEach(() => {
  routes = []
  const firehose: SubscriptionTarget = {
    send: async (route) => {
      routes.push(route)
    },
  }
  bench = openLogsBench({ targets: new Map([['firehose', firehose]]) })
})
afterEach(() => bench.close())

const put = (destinationName = 'd', targetArn = TARGET) =>
  bench.call('PutDestination', { destinationName, targetArn, roleArn: ROLE })
const described = async (input = {}) => (await bench.call('DescribeDestinations', input)).destinations ?? []

test('a destination is answered and described with its ARN; putting it again keeps time and policy', async () => {
  const destination = {
    destinationName: 'd',
    arn: ARN,
    targetArn: TARGET,
    roleArn: ROLE,
    creationTime: bench.clock.now(),
  }
  expect(await put()).toEqual({ destination })
  await bench.call('PutDestinationPolicy', { destinationName: 'd', accessPolicy: policy() })
  bench.clock.advance(1_000)
  await put('d', `${TARGET}2`)
  expect(await described()).toEqual([{ ...destination, targetArn: `${TARGET}2`, accessPolicy: policy() }])
})

test('a target that cannot be reached, or can be none, is refused', async () => {
  await expect(put('d', 'arn:aws:kinesis:eu-west-1:111122223333:stream/s')).rejects.toThrow(
    /^Could not deliver test message to specified Kinesis stream\./,
  )
  await expect(put('d', 'arn:aws:lambda:eu-west-1:111122223333:function:f')).rejects.toThrow(/must be the ARN/)
  await expect(put('d', 'x')).rejects.toMatchObject({ code: 'InvalidParameterException' })
  expect(await described()).toEqual([])
})

test('destinations come by name, a page at a time, and only those of the account', async () => {
  for (const name of ['b', 'a', 'ab']) await put(name)
  const first = await bench.call('DescribeDestinations', { limit: 2 })
  expect(first.destinations?.map(({ destinationName }) => destinationName)).toEqual(['a', 'ab'])
  const second = await bench.call('DescribeDestinations', { limit: 2, nextToken: first.nextToken })
  expect(second.destinations?.map(({ destinationName }) => destinationName)).toEqual(['b'])
  expect(await described({ DestinationNamePrefix: 'a' })).toHaveLength(2)
  const elsewhere = await bench.call('DescribeDestinations', {}, { account: FOREIGN })
  expect(elsewhere.destinations).toEqual([])
})

test('a policy is checked, and needs its destination', async () => {
  const missing = { code: 'ResourceNotFoundException', message: 'The specified destination does not exist.' }
  await expect(
    bench.call('PutDestinationPolicy', { destinationName: 'd', accessPolicy: policy() }),
  ).rejects.toMatchObject(missing)
  await put()
  await expect(bench.call('PutDestinationPolicy', { destinationName: 'd', accessPolicy: '{}' })).rejects.toThrow(
    /^Could not convert to persistable policy/,
  )
  const long = policy().replace('Statement', `Id":"${'x'.repeat(5_200)}","Statement`)
  await expect(bench.call('PutDestinationPolicy', { destinationName: 'd', accessPolicy: long })).rejects.toThrow(
    /either < 1 or > 5120/,
  )
  await bench.call('DeleteDestination', { destinationName: 'd' })
  await expect(bench.call('DeleteDestination', { destinationName: 'd' })).rejects.toMatchObject(missing)
})

test('a filter of another account uses the target and role of the destination', async () => {
  await put()
  const foreign = { account: FOREIGN }
  await bench.call('CreateLogGroup', { logGroupName: 'g' }, foreign)
  const filter = { logGroupName: 'g', filterName: 'f', filterPattern: '', destinationArn: ARN }
  await bench.call('PutSubscriptionFilter', filter, foreign)
  expect(routes.at(-1)).toMatchObject({ destinationArn: TARGET, roleArn: ROLE, sourceAccount: FOREIGN })
  const { subscriptionFilters } = await bench.call('DescribeSubscriptionFilters', { logGroupName: 'g' }, foreign)
  expect(subscriptionFilters?.[0]?.destinationArn).toBe(ARN)
})

test('the destination is a resource of its own account, and its policy lets others use it', async () => {
  await put()
  const scope = { account: FOREIGN, region: bench.region, principal: bench.context({ account: FOREIGN }).principal }
  const { checks = 'none' } = bench.service.access.PutSubscriptionFilter ?? {}
  const input = { logGroupName: 'g', filterName: 'f', filterPattern: '', destinationArn: ARN }
  const asked = checks === 'none' ? [] : await checks(input, scope)
  expect(asked).toEqual([
    {
      action: 'logs:PutSubscriptionFilter',
      resource: 'arn:aws:logs:eu-west-1:444455556666:log-group:g:log-stream:',
    },
    { action: 'logs:PutSubscriptionFilter', resource: ARN, resourceAccount: bench.account },
  ])
  const attached = async () => {
    const [, check] = asked
    return check && bench.service.resourcePolicies?.(check, scope)
  }
  expect(await attached()).toEqual([])
  await bench.call('PutDestinationPolicy', { destinationName: 'd', accessPolicy: policy() })
  expect(await attached()).toMatchObject([{ name: ARN }])
})
