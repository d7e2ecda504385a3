import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY_MILLIS, type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'
import { memoryApiJournal } from '../../../../../testkit/src/memory-api-journal.ts'
import { tellServiceEvents } from '#audit/service-event.ts'

let bench: KmsBench
beforeEach(async () => {
  bench = await openKmsBench()
})
afterEach(() => bench.close())

const told = () => bench.trail.told.map(({ eventName, details }) => [eventName, details])

test('rotations and the end of a key are told, by what made them happen', async () => {
  const { KeyId } = await bench.key()
  await bench.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  expect(told()).toEqual([])
  bench.clock.advance(90 * DAY_MILLIS)
  await bench.call('DescribeKey', { KeyId })
  await bench.call('RotateKeyOnDemand', { KeyId })
  await bench.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
  bench.clock.advance(7 * DAY_MILLIS)
  await bench.sweep(bench.clock.now())
  expect(told()).toEqual([
    ['RotateKey', { rotationType: 'AUTOMATIC', keyId: KeyId }],
    ['RotateKey', { rotationType: 'ON_DEMAND', keyId: KeyId }],
    ['DeleteKey', { keyId: KeyId }],
  ])
})

test('calls at the moment of a rotation tell of it once', async () => {
  const { KeyId } = await bench.key()
  await bench.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  bench.clock.advance(90 * DAY_MILLIS)
  await Promise.all(Array.from({ length: 10 }, () => bench.call('DescribeKey', { KeyId })))
  expect(told()).toEqual([['RotateKey', { rotationType: 'AUTOMATIC', keyId: KeyId }]])
})

test('what could not be told fails nothing, and is told by the next sweep', async () => {
  const { KeyId } = await bench.key()
  bench.trail.isDeaf = true
  await bench.call('RotateKeyOnDemand', { KeyId })
  bench.trail.isDeaf = false
  expect(told()).toEqual([])
  await (await bench.restarted()).sweep(bench.clock.now())
  await bench.sweep(bench.clock.now())
  expect(told()).toEqual([['RotateKey', { rotationType: 'ON_DEMAND', keyId: KeyId }]])
})

test('the record is that of the AWS KMS developer guide', async () => {
  const { KeyId, Arn } = await bench.key()
  await bench.call('RotateKeyOnDemand', { KeyId })
  const journal = memoryApiJournal()
  const [event] = bench.trail.told
  if (event === undefined) throw new Error('nothing was told')
  await tellServiceEvents(journal)(event)
  const [stored] = journal.events()
  expect(stored).toMatchObject({
    account: bench.account,
    region: bench.region,
    eventName: 'RotateKey',
    username: '',
    resources: [{ type: 'AWS::KMS::Key', name: Arn }],
  })
  expect(JSON.parse(stored?.record ?? '')).toEqual({
    eventVersion: '1.11',
    userIdentity: { accountId: bench.account, invokedBy: 'AWS Internal' },
    eventTime: '2026-11-21T12:00:00Z',
    eventSource: 'kms.amazonaws.com',
    eventName: 'RotateKey',
    awsRegion: bench.region,
    sourceIPAddress: 'AWS Internal',
    userAgent: 'AWS Internal',
    requestParameters: null,
    responseElements: null,
    eventID: event.eventId,
    readOnly: false,
    resources: [{ accountId: bench.account, type: 'AWS::KMS::Key', ARN: Arn }],
    eventType: 'AwsServiceEvent',
    managementEvent: true,
    recipientAccountId: bench.account,
    serviceEventDetails: { rotationType: 'ON_DEMAND', keyId: KeyId },
    eventCategory: 'Management',
  })
})
