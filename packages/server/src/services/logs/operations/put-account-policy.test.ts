import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

const STREAM = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/s'
const subscription = (change: object = {}) =>
  JSON.stringify({ DestinationArn: STREAM, RoleArn: 'arn:aws:iam::111122223333:role/r', FilterPattern: 'x', ...change })

let bench: LogsBench
let sent: number
beforeEach(() => {
  sent = 0
  const send = async (): Promise<void> => {
    sent += 1
  }
  bench = openLogsBench({ targets: new Map([['firehose', { send }]]) })
})
afterEach(() => bench.close())

const put = (policyDocument: string, change: Partial<LogsInput<'PutAccountPolicy'>> = {}) =>
  bench.call('PutAccountPolicy', {
    policyName: 'p',
    policyType: 'SUBSCRIPTION_FILTER_POLICY',
    policyDocument,
    ...change,
  })
const described = async (policyType: LogsInput<'DescribeAccountPolicies'>['policyType'], policyName?: string) =>
  (await bench.call('DescribeAccountPolicies', { policyType, policyName })).accountPolicies ?? []

test('a subscription for all groups is stored when its test message has arrived', async () => {
  await put(subscription(), { selectionCriteria: 'LogGroupName NOT IN ["/a", "/b"]' })
  expect(sent).toBe(1)
  expect(await described('SUBSCRIPTION_FILTER_POLICY')).toMatchObject([
    { policyName: 'p', scope: 'ALL', selectionCriteria: 'LogGroupName NOT IN ["/a", "/b"]', accountId: bench.account },
  ])
  expect(await described('SUBSCRIPTION_FILTER_POLICY', 'p')).toHaveLength(1)
  expect(await described('SUBSCRIPTION_FILTER_POLICY', 'q')).toEqual([])
  expect(await described('DATA_PROTECTION_POLICY')).toEqual([])
  expect(await described('TRANSFORMER_POLICY')).toEqual([])
})

test('there is one policy of a type: its name may be put again, another one not', async () => {
  await put(subscription())
  await put(subscription({ FilterPattern: 'y' }))
  await expect(put(subscription(), { policyName: 'q' })).rejects.toMatchObject({ code: 'LimitExceededException' })
  const remove = (policyName: string) =>
    bench.call('DeleteAccountPolicy', { policyName, policyType: 'SUBSCRIPTION_FILTER_POLICY' })
  await expect(remove('q')).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'Policy with name [q] does not exist.',
  })
  await remove('p')
  await expect(remove('p')).rejects.toMatchObject({ code: 'ResourceNotFoundException' })
  await expect(
    bench.call('DeleteAccountPolicy', { policyName: 'p', policyType: 'FIELD_INDEX_POLICY' }),
  ).rejects.toMatchObject({ code: 'ResourceNotFoundException' })
  await put(subscription(), { policyName: 'q' })
})

test.each([
  ['no JSON', '{', {}, /must be a JSON object/],
  ['an unknown member', subscription({ x: 'y' }), {}, /must be a JSON object of/],
  ['no pattern', subscription({ FilterPattern: undefined }), {}, /must be a JSON object of/],
  ['a bad pattern', subscription({ FilterPattern: '{ $.a }' }), {}, /^Invalid filter pattern/],
  ['a bad distribution', subscription({ Distribution: 'x' }), {}, /must be a JSON object of/],
  ['no role', subscription({ RoleArn: undefined }), {}, /cannot be used without roleArn/],
  [
    'a destination',
    subscription({ DestinationArn: 'arn:aws:logs:eu-west-1:111122223333:destination:d' }),
    {},
    /cannot/,
  ],
  [
    'a target that is not there',
    subscription({ DestinationArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/s' }),
    {},
    /^Could not deliver test message to specified Kinesis stream/,
  ],
  ['criteria of something else', subscription(), { selectionCriteria: 'Name = "x"' }, /selectionCriteria is invalid/],
  [
    'a type that is not there',
    '{}',
    { policyType: 'TRANSFORMER_POLICY' as const },
    /TRANSFORMER_POLICY are not supported/,
  ],
  ['a bad data protection policy', '{}', { policyType: 'DATA_PROTECTION_POLICY' as const }, /^Invalid data protection/],
  ['too much text', 'x'.repeat(30_721), {}, /less than or equal to 30720/],
])('a policy with %s is refused and stores nothing', async (_what, document, change, message) => {
  await expect(put(document, change)).rejects.toThrow(
    expect.objectContaining({ code: 'InvalidParameterException', message: expect.stringMatching(message) }),
  )
  expect(await described('SUBSCRIPTION_FILTER_POLICY')).toEqual([])
})
