import { afterEach, beforeEach, expect, test } from 'vitest'
import { allow, policy } from '../../../../../testkit/src/gateway-bench.ts'
import { type TrailBench, arnOf, openTrailBench } from '../../../../../testkit/src/trail-bench.ts'

let bench: TrailBench
beforeEach(async () => {
  bench = openTrailBench()
  await bench.trail('audit')
})
afterEach(() => bench.close())

const STORE = 'arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/0b6a9cbd-0000-4000-8000-000000000000'

test('a trail aggregates nothing, and can be told so again', async () => {
  const nothing = { TrailARN: arnOf('audit'), AggregationConfigurations: [] }
  expect(await bench.call('GetEventConfiguration', { TrailName: 'audit' })).toEqual(nothing)
  const input = { TrailName: arnOf('audit'), AggregationConfigurations: [] }
  expect(await bench.call('PutEventConfiguration', input)).toEqual(nothing)
})

test.each([
  ['both', { TrailName: 'audit', EventDataStore: STORE }, 'InvalidParameterCombinationException'],
  ['neither', {}, 'InvalidParameterCombinationException'],
  ['a trail that is not there', { TrailName: 'none' }, 'TrailNotFoundException Unknown trail: none'],
  ['a store that is not there', { EventDataStore: STORE }, 'EventDataStoreNotFoundException'],
  ['a store by its id', { EventDataStore: STORE.split('/')[1] }, 'EventDataStoreNotFoundException'],
  ['what is no store', { EventDataStore: 'arn:aws:s3:::b' }, 'EventDataStoreARNInvalidException'],
])('naming %s is refused', async (_which, names, refusal) => {
  expect(await bench.refusal('GetEventConfiguration', names)).toContain(refusal)
  const put = { ...names, AggregationConfigurations: [] }
  expect(await bench.refusal('PutEventConfiguration', put)).toContain(refusal)
})

test.each([
  ['a size', { MaxEventSize: 'Large' as const }, 'InvalidParameterCombinationException'],
  ['context keys', { ContextKeySelectors: [{ Type: 'TagContext' as const, Equals: ['k'] }] }, 'InvalidParameterComb'],
  ['nothing', {}, 'InvalidParameterCombinationException'],
  [
    'summaries, which are not built',
    { AggregationConfigurations: [{ Templates: ['API_ACTIVITY' as const], EventCategory: 'Data' as const }] },
    'NotImplemented',
  ],
])('of a trail, %s is refused and nothing is kept', async (_what, settings, refusal) => {
  expect(await bench.refusal('PutEventConfiguration', { TrailName: 'audit', ...settings })).toContain(refusal)
  expect(await bench.call('GetEventConfiguration', { TrailName: 'audit' })).toMatchObject({
    AggregationConfigurations: [],
  })
})

test('a trail is configured in its home region, by whoever may', async () => {
  const { key } = await bench.gateway.user('u', policy(allow('cloudtrail:GetEventConfiguration')))
  await bench.call('GetEventConfiguration', { TrailName: 'audit' }, key)
  const put = { TrailName: 'audit', AggregationConfigurations: [] }
  expect(await bench.refusal('PutEventConfiguration', put, key)).toContain('cloudtrail:PutEventConfiguration')
  await bench.call('UpdateTrail', { Name: 'audit', IsMultiRegionTrail: true })
  expect(await bench.refusal('PutEventConfiguration', put, { region: 'eu-west-1' })).toContain(
    'InvalidHomeRegionException',
  )
})

const POLICY = '{"Version":"2012-10-17","Statement":[]}'
test.each([
  [STORE, 'ResourceNotFoundException'],
  ['arn:aws:cloudtrail:us-east-1:111122223333:channel/0123', 'ResourceNotFoundException'],
  ['arn:aws:cloudtrail:us-east-1:111122223333:dashboard/d', 'ResourceNotFoundException'],
  [arnOf('audit'), 'ResourceTypeNotSupportedException'],
  ['arn:aws:s3:::bucket-of-logs', 'ResourceARNNotValidException'],
])('%s has no resource policy: %s', async (ResourceArn, refusal) => {
  expect(await bench.refusal('PutResourcePolicy', { ResourceArn, ResourcePolicy: POLICY })).toContain(refusal)
  expect(await bench.refusal('GetResourcePolicy', { ResourceArn })).toContain(refusal)
  expect(await bench.refusal('DeleteResourcePolicy', { ResourceArn })).toContain(refusal)
})

test('what is no policy is refused as such', async () => {
  for (const ResourcePolicy of ['no', '[]', 'null'])
    expect(await bench.refusal('PutResourcePolicy', { ResourceArn: STORE, ResourcePolicy })).toContain(
      'ResourcePolicyNotValidException',
    )
})

test('no account is in an organization, so nobody administers one', async () => {
  expect(await bench.refusal('RegisterOrganizationDelegatedAdmin', { MemberAccountId: '444455556666' })).toContain(
    'OrganizationsNotInUseException',
  )
  expect(
    await bench.refusal('DeregisterOrganizationDelegatedAdmin', { DelegatedAdminAccountId: '444455556666' }),
  ).toContain('OrganizationsNotInUseException')
})
