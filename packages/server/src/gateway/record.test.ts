import { afterEach, beforeEach, expect, test } from 'vitest'
import { type MemoryApiJournal, memoryApiJournal } from '../../../testkit/src/memory-api-journal.ts'
import { openAudit } from '#audit/audit.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { type EndedCall, record } from '#gateway/record.ts'
import { type GatewayBench, needs, openGatewayBench } from '../../../testkit/src/gateway-bench.ts'
import { ACCOUNT, contextOf, rootOf } from '#services/iam/test-bench.ts'

let bench: GatewayBench
let journal: MemoryApiJournal
beforeEach(() => {
  bench = openGatewayBench()
  journal = memoryApiJournal()
})
afterEach(() => bench.close())

const ctx = contextOf(rootOf(ACCOUNT))
const built = (changes: object = {}): NonNullable<EndedCall['built']> => ({
  handler: () => ({}),
  access: needs('x'),
  secrets: [],
  ...changes,
})

async function recordOf(call: Partial<EndedCall>): Promise<Readonly<Record<string, unknown>> | undefined> {
  const whole: EndedCall = {
    operation: { service: 'mq', operation: 'CreateBroker' },
    ctx,
    built: built(),
    input: undefined,
    output: undefined,
    fault: undefined,
    wouldBeDenied: [],
    ...call,
  }
  await record(whole, bench.registry.services, openAudit(journal), silentTelemetry)
  const last = journal.events().at(-1)
  return last === undefined ? undefined : (JSON.parse(last.record) as Readonly<Record<string, unknown>>)
}

test('members are named as on the wire, secrets are masked', async () => {
  const input = { BrokerName: 'b', Users: [{ Username: 'bob', Password: 'hunter2-hunter2' }] }
  expect(await recordOf({ built: built({ secrets: ['password'] }), input, output: { BrokerId: 'b-1' } })).toMatchObject(
    {
      requestParameters: { brokerName: 'b', users: [{ username: 'bob', password: '***' }] },
      responseElements: { brokerId: 'b-1' },
      apiVersion: '2017-11-27',
    },
  )
  expect(journal.events()[0]?.record).not.toContain('hunter2')
})

test('data calls are left to trails', async () => {
  expect(await recordOf({ built: built({ access: needs('x', { category: 'data' }) }), input: {} })).toBeUndefined()
})

test('of an operation that is not built nothing is known but its name, so no parameters are recorded', async () => {
  expect(await recordOf({ built: undefined, input: { BrokerName: 'b' } })).toMatchObject({
    requestParameters: null,
    readOnly: false,
  })
})

test.each([
  { operation: 'DescribeConfiguration', readOnly: true },
  { operation: 'ListConfigurations', readOnly: true },
  { operation: 'UpdateConfiguration', readOnly: false },
])('$operation, which is not built, is recorded with readOnly=$readOnly', async ({ operation, readOnly }) => {
  expect(await recordOf({ operation: { service: 'mq', operation }, built: undefined })).toMatchObject({ readOnly })
})

test('global services are recorded in us-east-1 wherever the call was signed for', async () => {
  const elsewhere = { ...ctx, region: 'eu-west-1' as typeof ctx.region }
  expect(await recordOf({ ctx: elsewhere, operation: { service: 'iam', operation: 'CreateUser' } })).toMatchObject({
    awsRegion: 'us-east-1',
  })
  expect(await recordOf({ ctx: elsewhere })).toMatchObject({ awsRegion: 'eu-west-1' })
})

test('resources are what the operation says it touched, from input and answer', async () => {
  const resources: NonNullable<EndedCall['built']>['access']['resources'] = (input, output) => [
    {
      type: 'AWS::AmazonMQ::Broker',
      name: `${String((input as { BrokerName?: string }).BrokerName)} ${String(output?.['BrokerId'])}`,
    },
  ]
  const operation = built({ access: { ...needs('x'), resources } })
  expect(
    (await recordOf({ built: operation, input: { BrokerName: 'b' }, output: { BrokerId: 'b-1' } }))?.['resources'],
  ).toEqual([{ accountId: ACCOUNT, type: 'AWS::AmazonMQ::Broker', resourceName: 'b b-1' }])
  expect(await recordOf({ built: operation, input: undefined })).not.toHaveProperty('resources')
})

test('a record that cannot be written is an error for the caller', async () => {
  journal = memoryApiJournal({ capacity: 0 })
  await expect(recordOf({ input: {} })).rejects.toMatchObject({ code: 'ServiceUnavailable', status: 503 })
})
