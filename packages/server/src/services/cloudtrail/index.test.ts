import { afterEach, beforeEach, expect, test } from 'vitest'
import { type GatewayBench, openGatewayBench } from '../../../../testkit/src/gateway-bench.ts'
import { ACCOUNT, rootOf } from '#services/iam/test-bench.ts'
import { region } from '#kernel/ids.ts'
import type { OperationAccess } from '#kernel/service.ts'

let bench: GatewayBench
beforeEach(() => {
  bench = openGatewayBench()
})
afterEach(() => bench.close())

const scope = { account: ACCOUNT, region: region('eu-west-1'), principal: rootOf(ACCOUNT) }
const asked = async (operation: string, input: object): Promise<readonly string[]> => {
  const access = (bench.cloudtrail.service.access as Readonly<Record<string, OperationAccess<object>>>)[operation]
  if (typeof access?.checks !== 'function') throw new Error('the operation asks for no permission')
  return (await access.checks(input, scope)).map(({ action, resource }) => `${action} ${resource}`)
}

test('every operation that was built says who may call it', () => {
  const { access, operations } = bench.cloudtrail.service
  expect(Object.keys(access).toSorted()).toEqual(Object.keys(operations).toSorted())
})

test('looking up events is a recorded read and needs cloudtrail:LookupEvents on *', async () => {
  expect(bench.cloudtrail.service.access.LookupEvents).toMatchObject({ category: 'management', readOnly: true })
  expect(await asked('LookupEvents', {})).toEqual(['cloudtrail:LookupEvents *'])
})

test('a trail is asked about by its ARN, however it is named', async () => {
  const arn = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/audit`
  expect(await asked('StartLogging', { Name: 'audit' })).toEqual([
    `cloudtrail:StartLogging arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/audit`,
  ])
  expect(await asked('GetTrailStatus', { Name: arn })).toEqual([`cloudtrail:GetTrailStatus ${arn}`])
  expect(await asked('ListTags', { ResourceIdList: [arn] })).toEqual([`cloudtrail:ListTags ${arn}`])
})

test('whoever tags a trail as it is made needs the right to tag', async () => {
  const here = `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/audit`
  expect(await asked('CreateTrail', { Name: 'audit', TagsList: [{ Key: 'k' }] })).toEqual([
    `cloudtrail:CreateTrail ${here}`,
    `cloudtrail:AddTags ${here}`,
  ])
})

test('its records name it and stand in the region of the call', () => {
  const { eventSource, global } = bench.cloudtrail.service
  expect({ eventSource, global }).toEqual({ eventSource: 'cloudtrail.amazonaws.com', global: false })
})
