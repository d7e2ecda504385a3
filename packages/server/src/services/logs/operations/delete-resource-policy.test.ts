import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
let resourceArn: string
const policyDocument =
  '{"Statement":{"Effect":"Allow","Principal":{"Service":"mq.amazonaws.com"},"Action":"logs:*","Resource":"*"}}'
beforeEach(async () => {
  bench = openLogsBench()
  resourceArn = `arn:aws:logs:${bench.region}:${bench.account}:log-group:g`
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
})
afterEach(() => bench.close())

test('a deleted policy is gone, and cannot be deleted again', async () => {
  await bench.call('PutResourcePolicy', { policyName: 'p', policyDocument })
  await bench.call('DeleteResourcePolicy', { policyName: 'p' })
  expect((await bench.call('DescribeResourcePolicies', {})).resourcePolicies).toEqual([])
  await expect(bench.call('DeleteResourcePolicy', { policyName: 'p' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    status: 400,
    message: 'Policy with name [p] does not exist.',
  })
  await expect(bench.call('DeleteResourcePolicy', {})).rejects.toThrow(/'policyName'/)
})

test('the policy of a group is deleted by its ARN, name and revision', async () => {
  const put = await bench.call('PutResourcePolicy', { policyName: 'p', policyDocument, resourceArn })
  const remove = (input: { policyName?: string; expectedRevisionId?: string }) =>
    bench.call('DeleteResourcePolicy', { resourceArn, ...input })
  await expect(remove({ policyName: 'other' })).rejects.toThrow('Policy with name [other] does not exist.')
  await expect(remove({ policyName: 'p' })).rejects.toThrow(/'expectedRevisionId'/)
  await expect(remove({ expectedRevisionId: 'stale' })).rejects.toMatchObject({ code: 'OperationAbortedException' })
  await remove({ expectedRevisionId: String(put.revisionId) })
  expect((await bench.call('DescribeResourcePolicies', { resourceArn })).resourcePolicies).toEqual([])
  await expect(remove({ policyName: 'p' })).rejects.toThrow('Policy with name [p] does not exist.')
})
