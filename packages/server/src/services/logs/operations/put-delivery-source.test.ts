import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'
import { GADGET_LOGS } from '../../../../../testkit/src/vended-logs.ts'

const GADGET = 'arn:aws:gadgets:eu-west-1:111122223333:gadget/g1'
const ARN = 'arn:aws:logs:eu-west-1:111122223333:delivery-source:s'
const source = { name: 's', resourceArn: GADGET, logType: 'ACCESS_LOGS' }

let bench: LogsBench
beforeEach(() => {
  bench = openLogsBench({ vendedLogs: GADGET_LOGS })
})
afterEach(() => bench.close())

test('as the platform is, nothing vends logs: every resource is refused, and there are no templates', async () => {
  const real = openLogsBench()
  try {
    for (const service of ['mq', 'logs', 'cloudtrail', 'kms', 'gadgets']) {
      const resourceArn = `arn:aws:${service}:eu-west-1:111122223333:thing/t`
      await expect(real.call('PutDeliverySource', { ...source, resourceArn }), service).rejects.toMatchObject({
        code: 'ResourceNotFoundException',
        message: 'Cannot access provided service.',
      })
    }
    await expect(
      real.call('PutDeliverySource', { ...source, resourceArn: 'arn:aws:s3:::bucket' }),
    ).rejects.toMatchObject({ code: 'ResourceNotFoundException' })
    expect(await real.call('DescribeConfigurationTemplates', {})).toEqual({ configurationTemplates: [] })
    expect(await real.call('DescribeDeliverySources', {})).toEqual({ deliverySources: [] })
  } finally {
    await real.close()
  }
})

test('a log of a resource becomes a source, which is answered alike by all', async () => {
  const deliverySource = {
    name: 's',
    arn: ARN,
    resourceArns: [GADGET],
    service: 'gadgets',
    logType: 'ACCESS_LOGS',
    tags: { team: 'a' },
  }
  expect(await bench.call('PutDeliverySource', { ...source, tags: { team: 'a' } })).toEqual({ deliverySource })
  expect(await bench.call('PutDeliverySource', source)).toEqual({ deliverySource })
  expect(await bench.call('GetDeliverySource', { name: 's' })).toEqual({ deliverySource })
  expect(await bench.call('DescribeDeliverySources', {})).toEqual({ deliverySources: [deliverySource] })
  expect(await bench.call('ListTagsForResource', { resourceArn: ARN })).toEqual({ tags: { team: 'a' } })
  await bench.call('TagResource', { resourceArn: ARN, tags: { team: 'b' } })
  expect((await bench.call('GetDeliverySource', { name: 's' })).deliverySource?.tags).toEqual({ team: 'b' })
})

test.each([
  { what: 'no ARN', change: { resourceArn: 'g1' }, message: 'Invalid ARN provided.' },
  {
    what: 'an ARN that is too long',
    change: { resourceArn: GADGET + '1'.repeat(2_048) },
    message: 'Invalid ARN provided.',
  },
  {
    what: 'another region',
    change: { resourceArn: GADGET.replace('eu-west-1', 'us-east-1') },
    message: 'Cross-region Delivery Source is not supported. Please use a different region.',
  },
  {
    what: 'another account',
    change: { resourceArn: GADGET.replace('111122223333', '444455556666') },
    message: 'Account id from identity does not match the resourceArn.',
  },
  {
    what: 'a resource of another type',
    change: { resourceArn: GADGET.replace('gadget/', 'other/') },
    message: 'This service is not allowed for this LogSource.',
  },
  {
    what: 'another log',
    change: { logType: 'ERROR_LOGS' },
    message: 'This service is not allowed for this LogSource.',
  },
  {
    what: 'a configuration that the log has not',
    change: { deliverySourceConfiguration: { level: 'all' } },
    message: "ACCESS_LOGS has no configuration 'level'.",
  },
  {
    what: 'a tag of AWS',
    change: { tags: { 'aws:x': '1' } },
    message: 'The tag key aws:x cannot be used: keys that start with aws: are reserved for AWS.',
  },
])('$what is refused', async ({ change, message }) => {
  await expect(bench.call('PutDeliverySource', { ...source, ...change })).rejects.toMatchObject({
    code: 'ValidationException',
    message,
  })
  expect((await bench.call('DescribeDeliverySources', {})).deliverySources).toEqual([])
})

test('a source keeps its resource, its log and its tags', async () => {
  await bench.call('PutDeliverySource', source)
  await expect(bench.call('PutDeliverySource', { ...source, resourceArn: `${GADGET}0` })).rejects.toMatchObject({
    code: 'ConflictException',
    message:
      'Update to existing Delivery Source with new ResourceId is not allowed. Please create a new Delivery Source instead.',
  })
  await expect(bench.call('PutDeliverySource', { ...source, tags: { a: '1' } })).rejects.toMatchObject({
    code: 'ConflictException',
    message: 'Tags can only be provided when a resource is being created, not updated.',
  })
})

test('a log of a resource is one source; of many calls at once one succeeds, and deleting makes room', async () => {
  const put = (name: string) => bench.call('PutDeliverySource', { ...source, name })
  const settled = await Promise.allSettled(['a', 'b', 'c', 'd'].map(put))
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const [first] = (await bench.call('DescribeDeliverySources', {})).deliverySources ?? []
  await expect(put('other')).rejects.toMatchObject({
    code: 'ConflictException',
    message: 'This ResourceId has already been used in another Delivery Source in this account.',
  })
  await bench.call('DeleteDeliverySource', { name: first?.name ?? '' })
  await put('other')
})

test('sources come by name, a page at a time, and only those of the account', async () => {
  for (const name of ['b', 'c', 'a']) {
    await bench.call('PutDeliverySource', { ...source, name, resourceArn: `${GADGET}${name}` })
  }
  const names = async (input: object) => {
    const { deliverySources = [], nextToken } = await bench.call('DescribeDeliverySources', input)
    return { names: deliverySources.map(({ name }) => name), nextToken }
  }
  const first = await names({ limit: 2 })
  expect(first.names).toEqual(['a', 'b'])
  expect(await names({ nextToken: first.nextToken })).toEqual({ names: ['c'], nextToken: undefined })
  await expect(names({ nextToken: 'forged' })).rejects.toMatchObject({ code: 'ValidationException' })
  const elsewhere = await bench.call('DescribeDeliverySources', {}, { account: accountId('444455556666') })
  expect(elsewhere.deliverySources).toEqual([])
})

test('what is not there is neither answered nor deleted', async () => {
  const missing = {
    code: 'ResourceNotFoundException',
    message: 'Requested Delivery Source does not exist in this account.',
  }
  await expect(bench.call('GetDeliverySource', { name: 's' })).rejects.toMatchObject(missing)
  await expect(bench.call('DeleteDeliverySource', { name: 's' })).rejects.toMatchObject(missing)
})

test('templates say what can be delivered and how, a page at a time', async () => {
  const templates = async (input = {}) => {
    const { configurationTemplates = [] } = await bench.call('DescribeConfigurationTemplates', input)
    return configurationTemplates.map(({ service, deliveryDestinationType }) => `${service} ${deliveryDestinationType}`)
  }
  expect(await templates()).toEqual(['gadgets CWL', 'gadgets S3'])
  expect(await templates({ deliveryDestinationTypes: ['S3'] })).toEqual(['gadgets S3'])
  expect(await templates({ service: 'gadgets', resourceTypes: ['gadget'], logTypes: ['ACCESS_LOGS'] })).toHaveLength(2)
  for (const other of [{ service: 'kafka' }, { resourceTypes: ['cluster'] }, { logTypes: ['ERROR_LOGS'] }]) {
    expect(await templates(other)).toEqual([])
  }
  const first = await bench.call('DescribeConfigurationTemplates', { limit: 1 })
  const second = await bench.call('DescribeConfigurationTemplates', { limit: 1, nextToken: first.nextToken })
  expect(second).toEqual({
    configurationTemplates: [
      {
        service: 'gadgets',
        resourceType: 'gadget',
        logType: 'ACCESS_LOGS',
        deliveryDestinationType: 'S3',
        allowedActionForAllowVendedLogsDeliveryForResource: 'gadgets:AllowVendedLogDeliveryForResource',
        allowedFields: [
          { name: 'date', mandatory: true },
          { name: 'path', mandatory: false },
        ],
        allowedOutputFormats: ['json', 'plain', 'w3c', 'parquet'],
        allowedFieldDelimiters: ['\t', ','],
        allowedSuffixPathFields: ['account-id', 'gadget', 'yyyy'],
        defaultDeliveryConfigValues: GADGET_LOGS[1]?.defaultDeliveryConfigValues,
      },
    ],
  })
  await expect(
    bench.call('DescribeConfigurationTemplates', { service: 'other', nextToken: first.nextToken }),
  ).rejects.toMatchObject({ code: 'ValidationException' })
})
