import { decide, parsePolicy } from '@sluice/policy'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccessCheck, OperationAccess } from '#kernel/service.ts'
import { type LogsBench, openLogsBench } from '../../../../testkit/src/logs-bench.ts'
import { GADGET_LOGS } from '../../../../testkit/src/vended-logs.ts'

let bench: LogsBench
beforeAll(async () => {
  bench = openLogsBench({ vendedLogs: GADGET_LOGS })
  await bench.call('CreateLogGroup', { logGroupName: 'G', tags: { team: 'x' } })
})
afterAll(() => bench.close())

const BASE = 'arn:aws:logs:eu-west-1:111122223333:'
const GROUP = `${BASE}log-group:G:log-stream:`
const STREAM = `${BASE}log-group:G:log-stream:S`
const NO_GROUP = `${BASE}log-group::log-stream:`
const ARN = `${BASE}log-group:G`
const DESTINATION = `${BASE}destination:D`
const DELIVERY_DESTINATION = `${BASE}delivery-destination:N`
const N = { name: 'N' }
const D = { destinationName: 'D' }
const g = { logGroupName: 'G' }
const s = { ...g, logStreamName: 'S' }

const accessOf = (operation: string): OperationAccess<object> =>
  (bench.service.access as unknown as Record<string, OperationAccess<object>>)[operation] as OperationAccess<object>

async function checksOf(operation: string, input: object): Promise<readonly AccessCheck[]> {
  const { checks } = accessOf(operation)
  if (checks === 'none') return []
  return checks(input, { account: bench.account, region: bench.region, principal: bench.context().principal })
}

test.each([
  { operation: 'CreateLogGroup', input: g, resource: GROUP, kind: 'management write' },
  { operation: 'DeleteLogGroup', input: g, resource: GROUP, kind: 'management write' },
  { operation: 'DescribeLogGroups', input: { logGroupNamePrefix: 'G' }, resource: NO_GROUP, kind: 'management read' },
  {
    operation: 'PutLogGroupDeletionProtection',
    input: { logGroupIdentifier: ARN },
    resource: GROUP,
    kind: 'management write',
  },
  { operation: 'ListLogGroups', input: {}, resource: '*', kind: 'management read' },
  { operation: 'AssociateKmsKey', input: g, resource: GROUP, kind: 'management write' },
  { operation: 'AssociateKmsKey', input: { resourceIdentifier: ARN }, resource: GROUP, kind: 'management write' },
  {
    operation: 'DisassociateKmsKey',
    input: { resourceIdentifier: `${ARN}:*` },
    resource: GROUP,
    kind: 'management write',
  },
  { operation: 'PutRetentionPolicy', input: g, resource: GROUP, kind: 'management write' },
  { operation: 'DeleteRetentionPolicy', input: g, resource: GROUP, kind: 'management write' },
  { operation: 'CreateLogStream', input: s, resource: STREAM, kind: 'management write' },
  { operation: 'DeleteLogStream', input: s, resource: STREAM, kind: 'management write' },
  { operation: 'DescribeLogStreams', input: g, resource: GROUP, kind: 'management read' },
  { operation: 'PutLogEvents', input: s, resource: STREAM, kind: 'data write' },
  {
    operation: 'GetLogEvents',
    input: { ...s, logGroupName: undefined, logGroupIdentifier: ARN },
    resource: STREAM,
    kind: 'data read',
  },
  { operation: 'FilterLogEvents', input: { logGroupIdentifier: 'G' }, resource: GROUP, kind: 'data read' },
  { operation: 'TagResource', input: { resourceArn: ARN, tags: {} }, resource: ARN, kind: 'management write' },
  { operation: 'UntagResource', input: { resourceArn: ARN, tagKeys: [] }, resource: ARN, kind: 'management write' },
  { operation: 'ListTagsForResource', input: { resourceArn: ARN }, resource: ARN, kind: 'management read' },
  { operation: 'TagLogGroup', input: { ...g, tags: {} }, resource: GROUP, kind: 'management write' },
  { operation: 'UntagLogGroup', input: { ...g, tags: [] }, resource: GROUP, kind: 'management write' },
  { operation: 'ListTagsLogGroup', input: g, resource: GROUP, kind: 'management read' },
  { operation: 'PutMetricFilter', input: g, resource: GROUP, kind: 'management write' },
  { operation: 'DescribeMetricFilters', input: g, resource: GROUP, kind: 'management read' },
  { operation: 'DescribeMetricFilters', input: {}, resource: NO_GROUP, kind: 'management read' },
  { operation: 'DeleteMetricFilter', input: g, resource: GROUP, kind: 'management write' },
  { operation: 'TestMetricFilter', input: {}, resource: '*', kind: 'management read' },
  {
    operation: 'PutSubscriptionFilter',
    input: { ...g, destinationArn: 'x' },
    resource: GROUP,
    kind: 'management write',
  },
  { operation: 'DescribeSubscriptionFilters', input: g, resource: GROUP, kind: 'management read' },
  { operation: 'DeleteSubscriptionFilter', input: g, resource: GROUP, kind: 'management write' },
  { operation: 'PutDestination', input: D, resource: DESTINATION, kind: 'management write' },
  { operation: 'PutDestinationPolicy', input: D, resource: DESTINATION, kind: 'management write' },
  { operation: 'DescribeDestinations', input: {}, resource: '*', kind: 'management read' },
  { operation: 'DeleteDestination', input: D, resource: DESTINATION, kind: 'management write' },
  { operation: 'PutQueryDefinition', input: {}, resource: '*', kind: 'management write' },
  { operation: 'DescribeQueryDefinitions', input: {}, resource: '*', kind: 'management read' },
  { operation: 'DeleteQueryDefinition', input: {}, resource: '*', kind: 'management write' },
  { operation: 'DescribeAccountPolicies', input: {}, resource: '*', kind: 'management read' },
  {
    operation: 'PutDataProtectionPolicy',
    input: { logGroupIdentifier: ARN },
    resource: GROUP,
    kind: 'management write',
  },
  {
    operation: 'GetDataProtectionPolicy',
    input: { logGroupIdentifier: 'G' },
    resource: GROUP,
    kind: 'management read',
  },
  {
    operation: 'DeleteDataProtectionPolicy',
    input: { logGroupIdentifier: 'G' },
    resource: GROUP,
    kind: 'management write',
  },
  { operation: 'CreateExportTask', input: g, resource: GROUP, kind: 'management write' },
  { operation: 'DescribeExportTasks', input: {}, resource: '*', kind: 'management read' },
  { operation: 'CancelExportTask', input: {}, resource: '*', kind: 'management write' },
  { operation: 'GetDeliverySource', input: N, resource: `${BASE}delivery-source:N`, kind: 'management read' },
  { operation: 'DeleteDeliverySource', input: N, resource: `${BASE}delivery-source:N`, kind: 'management write' },
  { operation: 'PutDeliveryDestination', input: N, resource: DELIVERY_DESTINATION, kind: 'management write' },
  { operation: 'GetDeliveryDestination', input: N, resource: DELIVERY_DESTINATION, kind: 'management read' },
  { operation: 'DeleteDeliveryDestination', input: N, resource: DELIVERY_DESTINATION, kind: 'management write' },
  {
    operation: 'PutDeliveryDestinationPolicy',
    input: { deliveryDestinationName: 'N' },
    resource: DELIVERY_DESTINATION,
    kind: 'management write',
  },
  {
    operation: 'GetDeliveryDestinationPolicy',
    input: { deliveryDestinationName: 'N' },
    resource: DELIVERY_DESTINATION,
    kind: 'management read',
  },
  {
    operation: 'DeleteDeliveryDestinationPolicy',
    input: { deliveryDestinationName: 'N' },
    resource: DELIVERY_DESTINATION,
    kind: 'management write',
  },
  { operation: 'GetDelivery', input: { id: 'N' }, resource: `${BASE}delivery:N`, kind: 'management read' },
  { operation: 'DeleteDelivery', input: { id: 'N' }, resource: `${BASE}delivery:N`, kind: 'management write' },
  {
    operation: 'UpdateDeliveryConfiguration',
    input: { id: 'N' },
    resource: `${BASE}delivery:N`,
    kind: 'management write',
  },
  { operation: 'DescribeDeliverySources', input: {}, resource: '*', kind: 'management read' },
  { operation: 'DescribeDeliveryDestinations', input: {}, resource: '*', kind: 'management read' },
  { operation: 'DescribeDeliveries', input: {}, resource: '*', kind: 'management read' },
  { operation: 'DescribeConfigurationTemplates', input: {}, resource: '*', kind: 'management read' },
  { operation: 'PutResourcePolicy', input: {}, resource: NO_GROUP, kind: 'management write' },
  { operation: 'PutResourcePolicy', input: { resourceArn: ARN }, resource: GROUP, kind: 'management write' },
  { operation: 'DescribeResourcePolicies', input: {}, resource: NO_GROUP, kind: 'management read' },
  {
    operation: 'DeleteResourcePolicy',
    input: { resourceArn: 'nonsense' },
    resource: NO_GROUP,
    kind: 'management write',
  },
])('$operation is a $kind call on $resource', async ({ operation, input, resource, kind }) => {
  const checks = await checksOf(operation, input)
  expect(checks.map((check) => [check.action, check.resource])).toEqual([[`logs:${operation}`, resource]])
  const { category, readOnly } = accessOf(operation)
  expect(`${category} ${readOnly ? 'read' : 'write'}`).toBe(kind)
})

test('every operation that is built says what it needs, and the other way round', () => {
  expect(Object.keys(bench.service.access).toSorted()).toEqual(Object.keys(bench.service.operations).toSorted())
})

test('who wants to see what is masked needs the right to', async () => {
  for (const [operation, resource] of [
    ['GetLogEvents', STREAM],
    ['FilterLogEvents', GROUP],
  ] as const) {
    const actions = async (unmask: boolean) =>
      (await checksOf(operation, { ...s, unmask })).map((each) => [each.action, each.resource])
    expect(await actions(false)).toEqual([[`logs:${operation}`, resource]])
    expect(await actions(true)).toEqual([
      [`logs:${operation}`, resource],
      ['logs:Unmask', resource],
    ])
  }
})

const document = (findings: object) =>
  JSON.stringify({
    Name: 'p',
    Version: '2021-06-01',
    Statement: [{ Audit: { FindingsDestination: findings } }, { Deidentify: { MaskConfig: {} } }].map((Operation) => ({
      DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'],
      Operation,
    })),
  })

test('an account policy needs the right to do for every group what it does', async () => {
  const actions = async (operation: string, input: object) => {
    const checks = await checksOf(operation, input)
    expect(checks.every((each) => each.action === 'iam:PassRole' || ['*', NO_GROUP].includes(each.resource))).toBe(true)
    return checks.map((each) => each.action)
  }
  expect(await actions('PutAccountPolicy', { policyType: 'DATA_PROTECTION_POLICY', policyDocument: '{}' })).toEqual([
    'logs:PutAccountPolicy',
    'logs:PutDataProtectionPolicy',
  ])
  const subscription = { policyType: 'SUBSCRIPTION_FILTER_POLICY', policyDocument: '{"RoleArn":"r"}' }
  expect(await actions('PutAccountPolicy', subscription)).toEqual([
    'logs:PutAccountPolicy',
    'logs:PutSubscriptionFilter',
    'iam:PassRole',
  ])
  expect(await actions('DeleteAccountPolicy', { policyType: 'SUBSCRIPTION_FILTER_POLICY' })).toEqual([
    'logs:DeleteAccountPolicy',
    'logs:DeleteSubscriptionFilter',
  ])
  const findings = document({ CloudWatchLogs: { LogGroup: 'findings' } })
  const delivery = ['CreateLogDelivery', 'PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups']
  const rights = delivery.map((right) => `logs:${right}`)
  expect(await actions('PutAccountPolicy', { policyType: 'DATA_PROTECTION_POLICY', policyDocument: findings })).toEqual(
    ['logs:PutAccountPolicy', 'logs:PutDataProtectionPolicy', ...rights],
  )
  const ofGroup = async (policyDocument: string) =>
    (await checksOf('PutDataProtectionPolicy', { logGroupIdentifier: 'G', policyDocument })).map((each) => each.action)
  expect(await ofGroup(findings)).toEqual(['logs:PutDataProtectionPolicy', ...rights])
  expect(await ofGroup(findings.replace('CloudWatchLogs', 'CloudWatch\\u004cogs'))).toHaveLength(5)
  expect(await ofGroup(document({}))).toEqual(['logs:PutDataProtectionPolicy'])
  expect(await actions('PutAccountPolicy', { policyType: 'x', policyDocument: 'no JSON' })).toEqual([
    'logs:PutAccountPolicy',
  ])
})

test('whoever names a role must be allowed to pass it', async () => {
  const roleArn = 'arn:aws:iam::111122223333:role/r'
  const passed = {
    action: 'iam:PassRole',
    resource: roleArn,
    resourceAccount: '111122223333',
    context: { 'iam:PassedToService': 'logs.amazonaws.com' },
  }
  for (const [operation, input] of [
    ['PutSubscriptionFilter', { ...g, destinationArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/s' }],
    ['PutDestination', D],
  ] as const) {
    expect((await checksOf(operation, { ...input, roleArn })).slice(1)).toEqual([passed])
  }
})

test('whoever makes a resource a source must be allowed to have its logs delivered', async () => {
  const resourceArn = 'arn:aws:gadgets:eu-west-1:111122223333:gadget/g1'
  const own = (arn: string, more = {}) => ({
    action: 'logs:PutDeliverySource',
    resource: `${BASE}delivery-source:N`,
    context: { 'logs:LogGeneratingResourceArns': [arn], ...more },
  })
  expect(await checksOf('PutDeliverySource', { ...N, resourceArn, tags: { a: '1' } })).toEqual([
    own(resourceArn, { 'aws:RequestTag/a': '1', 'aws:TagKeys': ['a'] }),
    { action: 'gadgets:AllowVendedLogDeliveryForResource', resource: resourceArn },
  ])
  expect(await checksOf('PutDeliverySource', { ...N, resourceArn: ARN })).toEqual([own(ARN)])
})

test('a delivery destination is judged by what it names', async () => {
  const deliveryDestinationConfiguration = { destinationResourceArn: 'arn:aws:s3:::b' }
  expect(await checksOf('PutDeliveryDestination', { ...N, deliveryDestinationConfiguration })).toEqual([
    {
      action: 'logs:PutDeliveryDestination',
      resource: DELIVERY_DESTINATION,
      context: { 'logs:DeliveryDestinationResourceArn': 'arn:aws:s3:::b' },
    },
  ])
})

test('changing a delivery concerns both its ends', async () => {
  const resourceArn = 'arn:aws:gadgets:eu-west-1:111122223333:gadget/g1'
  await bench.call('PutDeliverySource', { name: 'from', resourceArn, logType: 'ACCESS_LOGS' })
  const deliveryDestinationConfiguration = { destinationResourceArn: 'arn:aws:s3:::b' }
  const to = await bench.call('PutDeliveryDestination', { name: 'to', deliveryDestinationConfiguration })
  const deliveryDestinationArn = to.deliveryDestination?.arn ?? ''
  const { delivery } = await bench.call('CreateDelivery', { deliverySourceName: 'from', deliveryDestinationArn })
  const checks = await checksOf('UpdateDeliveryConfiguration', { id: delivery?.id })
  expect(checks.map(({ resource }) => resource)).toEqual([
    delivery?.arn,
    `${BASE}delivery-source:from`,
    deliveryDestinationArn,
  ])
})

test('tags of the request and of the group are condition keys', async () => {
  expect(await checksOf('PutRetentionPolicy', g)).toMatchObject([{ context: { 'aws:ResourceTag/team': 'x' } }])
  expect(await checksOf('TagResource', { resourceArn: ARN, tags: { a: '1', b: '2' } })).toMatchObject([
    {
      context: {
        'aws:ResourceTag/team': 'x',
        'aws:RequestTag/a': '1',
        'aws:RequestTag/b': '2',
        'aws:TagKeys': ['a', 'b'],
      },
    },
  ])
  expect(await checksOf('UntagLogGroup', { ...g, tags: ['a'] })).toMatchObject([{ context: { 'aws:TagKeys': ['a'] } }])
})

test('creating a group with tags needs the right to tag it', async () => {
  const checks = await checksOf('CreateLogGroup', { logGroupName: 'new', tags: { a: '1' } })
  const context = { 'aws:RequestTag/a': '1', 'aws:ResourceTag/a': '1', 'aws:TagKeys': ['a'] }
  expect(checks).toEqual([
    { action: 'logs:CreateLogGroup', resource: `${BASE}log-group:new:log-stream:`, context },
    {
      action: 'logs:TagResource',
      resource: `${BASE}log-group:new`,
      context,
      denialText: 'User with accountId: 111122223333 is not authorized to perform CreateLogGroup with Tags',
    },
  ])
})

test('a group elsewhere is authorised as what it is, without looking for its tags', async () => {
  const elsewhere = ARN.replace('111122223333', '444455556666')
  expect(await checksOf('FilterLogEvents', { logGroupIdentifier: elsewhere })).toEqual([
    { action: 'logs:FilterLogEvents', resource: `${elsewhere}:log-stream:` },
  ])
})

test('an input that names no group still has a check, so it cannot slip through', async () => {
  expect(await checksOf('DescribeLogStreams', {})).toEqual([{ action: 'logs:DescribeLogStreams', resource: NO_GROUP }])
})

test('the resources of a record are log groups', () => {
  const scope = { account: bench.account, region: bench.region, principal: bench.context().principal }
  const resources = (operation: string, input: object) => accessOf(operation).resources?.(input, undefined, scope)
  expect(resources('DeleteLogGroup', g)).toEqual([{ type: 'AWS::Logs::LogGroup', name: 'G' }])
  expect(resources('TagResource', { resourceArn: ARN })).toEqual([{ type: 'AWS::Logs::LogGroup', name: 'G' }])
  expect(resources('CreateLogStream', s)).toEqual([{ type: 'AWS::Logs::LogGroup', name: 'G' }])
  expect(resources('DescribeLogStreams', {})).toEqual([])
  expect(resources('TagResource', { resourceArn: DESTINATION })).toEqual([])
})

test.each([
  { resource: 'arn:aws:logs:*:*:log-group:/aws/amazonmq/*', want: true },
  { resource: 'arn:aws:logs:*:*:*', want: true },
  { resource: 'arn:aws:logs:*:*:log-group:/aws/amazonmq/broker/b-1/general:*', want: true },
  { resource: 'arn:aws:logs:*:*:log-group:/aws/amazonmq/broker/b-1/general', want: false },
  { resource: 'arn:aws:logs:*:*:log-group:/aws/other/*', want: false },
])('creating the group of a broker with an allow on $resource: $want', async ({ resource, want }) => {
  const [check] = await checksOf('CreateLogGroup', { logGroupName: '/aws/amazonmq/broker/b-1/general' })
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'logs:CreateLogGroup', Resource: resource }],
  }
  const decision = decide(
    {
      principal: { kind: 'user', account: bench.account, arn: `arn:aws:iam::${bench.account}:user/u` },
      action: check?.action ?? '',
      resource: check?.resource ?? '',
      resourceAccount: bench.account,
      context: {},
    },
    { identity: [{ name: 'p', policy: parsePolicy(JSON.stringify(policy), 'identity') }], resource: [] },
  )
  expect(decision.allowed).toBe(want)
})
