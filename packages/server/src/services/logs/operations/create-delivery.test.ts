import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'
import { GADGET_LOGS } from '../../../../../testkit/src/vended-logs.ts'

const FOREIGN = accountId('444455556666')
const GADGET = 'arn:aws:gadgets:eu-west-1:111122223333:gadget/g1'
const arnOf = (name: string, account = '111122223333') =>
  `arn:aws:logs:eu-west-1:${account}:delivery-destination:${name}`

let bench: LogsBench
beforeEach(async () => {
  bench = openLogsBench({ vendedLogs: GADGET_LOGS })
  await bench.call('PutDeliverySource', { name: 's', resourceArn: GADGET, logType: 'ACCESS_LOGS' })
  await sink('bucket', 'arn:aws:s3:::b')
  await sink('group', 'arn:aws:logs:eu-west-1:111122223333:log-group:g')
})
afterEach(() => bench.close())

const sink = (name: string, destinationResourceArn: string, account = bench.account) =>
  bench.call(
    'PutDeliveryDestination',
    { name, deliveryDestinationConfiguration: { destinationResourceArn } },
    { account },
  )
type Create = LogsInput<'CreateDelivery'>
const create = async (destination: string, others: Partial<Create> = {}) => {
  const input = { deliverySourceName: 's', deliveryDestinationArn: arnOf(destination), ...others }
  return (await bench.call('CreateDelivery', input)).delivery
}
const all = async () => (await bench.call('DescribeDeliveries', {})).deliveries ?? []

test('a delivery is joined with what its log has by default, and answered alike by all', async () => {
  const delivery = await create('bucket', { tags: { team: 'a' } })
  const { id = '' } = delivery ?? {}
  expect(id).toMatch(/^[0-9A-Za-z]{16}$/)
  const arn = `arn:aws:logs:eu-west-1:111122223333:delivery:${id}`
  expect(delivery).toEqual({
    id,
    arn,
    deliverySourceName: 's',
    deliveryDestinationArn: arnOf('bucket'),
    deliveryDestinationType: 'S3',
    recordFields: ['date', 'path'],
    fieldDelimiter: '\t',
    s3DeliveryConfiguration: { suffixPath: 'AWSLogs/{account-id}/Gadgets/', enableHiveCompatiblePath: false },
    tags: { team: 'a' },
  })
  expect(await bench.call('GetDelivery', { id })).toEqual({ delivery })
  expect(await all()).toEqual([delivery])
  expect(await bench.call('ListTagsForResource', { resourceArn: arn })).toEqual({ tags: { team: 'a' } })
})

test('what is asked for takes the place of the defaults, and can be changed', async () => {
  const delivery = await create('bucket', {
    recordFields: ['date'],
    fieldDelimiter: ',',
    s3DeliveryConfiguration: { suffixPath: '{gadget}/{yyyy}', enableHiveCompatiblePath: true },
  })
  const { id = '' } = delivery ?? {}
  await bench.call('UpdateDeliveryConfiguration', { id, s3DeliveryConfiguration: { suffixPath: 'all' } })
  expect((await bench.call('GetDelivery', { id })).delivery).toEqual({
    ...delivery,
    s3DeliveryConfiguration: { suffixPath: 'all', enableHiveCompatiblePath: true },
  })
  await expect(bench.call('UpdateDeliveryConfiguration', { id, recordFields: ['path'] })).rejects.toMatchObject({
    code: 'ValidationException',
    message: "The record field 'date' is mandatory.",
  })
})

test.each([
  ['a field that the log has not', 'bucket', { recordFields: ['date', 'size'] }, /'size' is not a field/],
  ['fields without one that must be', 'bucket', { recordFields: [] }, /'date' is mandatory/],
  ['a delimiter that the log has not', 'group', { fieldDelimiter: ',' }, /delimiter ',' is not supported/],
  ['a path into a log group', 'group', { s3DeliveryConfiguration: { suffixPath: 'x' } }, /type S3 only/],
  ['a path of unknown parts', 'bucket', { s3DeliveryConfiguration: { suffixPath: '{a}' } }, /'a' is not supported/],
  [
    'something else than a destination',
    'bucket',
    { deliveryDestinationArn: 'arn:aws:s3:::b' },
    /^Action logs:CreateDelivery should have a valid resource ARN to authorize against\.$/,
  ],
  [
    'a destination in another region',
    'bucket',
    { deliveryDestinationArn: arnOf('bucket').replace('eu-west-1', 'us-east-1') },
    /^Cross-region Delivery Destination is not supported/,
  ],
] as const)('%s is refused, and nothing is joined', async (_what, destination, others, message) => {
  await expect(create(destination, others as Partial<Create>)).rejects.toThrow(message)
  expect(await all()).toEqual([])
  await bench.call('DeleteDeliverySource', { name: 's' })
  await bench.call('DeleteDeliveryDestination', { name: destination })
})

test('a format that the log cannot have there, and a type of destination where it cannot go, are refused', async () => {
  await bench.call('PutDeliveryDestination', {
    name: 'w3c',
    outputFormat: 'w3c',
    deliveryDestinationConfiguration: { destinationResourceArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:g' },
  })
  await expect(create('w3c')).rejects.toThrow(/cannot be delivered as w3c .* It can be as json, plain\.$/)
  const onlyGroups = openLogsBench({ vendedLogs: GADGET_LOGS.slice(0, 1) })
  try {
    await onlyGroups.call('PutDeliverySource', { name: 's', resourceArn: GADGET, logType: 'ACCESS_LOGS' })
    await onlyGroups.call('PutDeliveryDestination', {
      name: 'bucket',
      deliveryDestinationConfiguration: { destinationResourceArn: 'arn:aws:s3:::b' },
    })
    await expect(
      onlyGroups.call('CreateDelivery', { deliverySourceName: 's', deliveryDestinationArn: arnOf('bucket') }),
    ).rejects.toThrow(/cannot go to a Delivery Destination of type S3/)
  } finally {
    await onlyGroups.close()
  }
})

test('a source has one delivery for each type of destination, however many are made at once', async () => {
  await sink('other', 'arn:aws:s3:::b2')
  const settled = await Promise.allSettled(['bucket', 'other', 'bucket', 'group'].map((name) => create(name)))
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  expect((await all()).map(({ deliveryDestinationType = '' }) => deliveryDestinationType).toSorted()).toEqual([
    'CWL',
    'S3',
  ])
  await expect(create('other')).rejects.toMatchObject({
    code: 'ConflictException',
    message: 'Delivery already exists for this Delivery Source with the same Delivery Destination Type.',
  })
})

test('the ends of a delivery stay until it is deleted', async () => {
  const { id = '' } = (await create('bucket')) ?? {}
  const inUse = { code: 'ConflictException' }
  await expect(bench.call('DeleteDeliverySource', { name: 's' })).rejects.toMatchObject(inUse)
  await expect(bench.call('DeleteDeliveryDestination', { name: 'bucket' })).rejects.toMatchObject(inUse)
  await bench.call('DeleteDelivery', { id })
  expect(await all()).toEqual([])
  await bench.call('DeleteDeliverySource', { name: 's' })
  await bench.call('DeleteDeliveryDestination', { name: 'bucket' })
})

test('what is not there is said not to be', async () => {
  const missing = { code: 'ResourceNotFoundException', message: 'Requested Delivery does not exist in this account.' }
  for (const operation of ['GetDelivery', 'DeleteDelivery', 'UpdateDeliveryConfiguration'] as const) {
    await expect(bench.call(operation, { id: 'none' }), operation).rejects.toMatchObject(missing)
  }
  await expect(create('none')).rejects.toThrow('Requested Delivery Destination does not exist in this account.')
  await expect(create('bucket', { deliverySourceName: 'none' })).rejects.toThrow(
    'Requested Delivery Source does not exist in this account.',
  )
  await expect(bench.call('DescribeDeliveries', { nextToken: 'forged' })).rejects.toMatchObject({
    code: 'ValidationException',
  })
})

test('a destination of another account is joined to, counted there, and decided about by its policy', async () => {
  await sink('theirs', 'arn:aws:s3:::theirs', FOREIGN)
  const deliveryDestinationArn = arnOf('theirs', FOREIGN)
  const input = { deliverySourceName: 's', deliveryDestinationArn }
  const scope = { account: bench.account, region: bench.region, principal: bench.context().principal }
  const { checks = 'none' } = bench.service.access.CreateDelivery ?? {}
  const asked = checks === 'none' ? [] : await checks(input, scope)
  const action = 'logs:CreateDelivery'
  expect(asked).toEqual([
    { action, resource: 'arn:aws:logs:eu-west-1:111122223333:delivery-source:s' },
    { action, resource: 'arn:aws:logs:eu-west-1:111122223333:delivery:*' },
    { action, resource: deliveryDestinationArn, resourceAccount: FOREIGN },
  ])
  const attached = async () => asked[2] && bench.service.resourcePolicies?.(asked[2], scope)
  expect(await attached()).toEqual([])
  const deliveryDestinationPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${bench.account}"},"Action":"logs:CreateDelivery","Resource":"*"}]}`
  const policy = { deliveryDestinationName: 'theirs', deliveryDestinationPolicy }
  await bench.call('PutDeliveryDestinationPolicy', policy, { account: FOREIGN })
  expect(await attached()).toMatchObject([{ name: deliveryDestinationArn }])

  const { delivery } = await bench.call('CreateDelivery', input)
  expect(delivery).toMatchObject({ deliveryDestinationArn })
  const deletion = () => bench.call('DeleteDeliveryDestination', { name: 'theirs' }, { account: FOREIGN })
  await expect(deletion()).rejects.toMatchObject({ code: 'ConflictException' })
  await bench.call('DeleteDelivery', { id: delivery?.id ?? '' })
  await deletion()
})

test('it stays over a restart', async () => {
  const delivery = await create('bucket')
  const again = bench.restarted().operations.DescribeDeliveries
  expect(await again?.({}, bench.context())).toEqual({ deliveries: [delivery] })
})
