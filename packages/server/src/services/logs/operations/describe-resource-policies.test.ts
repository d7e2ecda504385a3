import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
const arnOf = (group: string) => `arn:aws:logs:${bench.region}:${bench.account}:log-group:${group}`
const policyDocument =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"mq.amazonaws.com"},"Action":"logs:*","Resource":"*"}}'
beforeEach(async () => {
  bench = openLogsBench()
  for (const policyName of ['c', 'a', 'b']) await bench.call('PutResourcePolicy', { policyName, policyDocument })
  for (const group of ['g1', 'g2', 'g3']) {
    await bench.call('CreateLogGroup', { logGroupName: group })
    await bench.call('PutResourcePolicy', { policyName: `of ${group}`, policyDocument, resourceArn: arnOf(group) })
  }
})
afterEach(() => bench.close())

async function names(input: LogsInput<'DescribeResourcePolicies'>) {
  const found: (string | undefined)[] = []
  let nextToken: string | undefined
  do {
    const page = await bench.call('DescribeResourcePolicies', { ...input, nextToken })
    found.push(...(page.resourcePolicies ?? []).map(({ policyName }) => policyName))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return found
}

test.each([1, 2, 3, 50])('policies of the account and of groups are two lists, in pages of %i', async (limit) => {
  expect(await names({ limit })).toEqual(['a', 'b', 'c'])
  expect(await names({ limit, policyScope: 'ACCOUNT' })).toEqual(['a', 'b', 'c'])
  expect(await names({ limit, policyScope: 'RESOURCE' })).toEqual(['of g1', 'of g2', 'of g3'])
})

test("a group's policy is asked for by its ARN", async () => {
  expect(await names({ resourceArn: arnOf('g2') })).toEqual(['of g2'])
  expect(await names({ resourceArn: arnOf('g2'), policyScope: 'RESOURCE' })).toEqual(['of g2'])
  await bench.call('CreateLogGroup', { logGroupName: 'bare' })
  expect(await names({ resourceArn: arnOf('bare') })).toEqual([])
  await expect(names({ resourceArn: arnOf('missing') })).rejects.toThrow('The specified log group does not exist.')
  await expect(names({ resourceArn: arnOf('g2'), policyScope: 'ACCOUNT' })).rejects.toMatchObject({
    code: 'InvalidParameterException',
  })
})

test('a token is good for the same list only', async () => {
  const { nextToken } = await bench.call('DescribeResourcePolicies', { limit: 1 })
  await expect(names({ nextToken, policyScope: 'RESOURCE' })).resolves.toHaveLength(3)
  await expect(bench.call('DescribeResourcePolicies', { nextToken, policyScope: 'RESOURCE' })).rejects.toThrow(
    'The specified nextToken is invalid.',
  )
})
