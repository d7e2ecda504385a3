import { expect, test } from 'vitest'
import type { PlatformClient } from '#cli/platform-client.ts'
import {
  type BrokerDescription,
  LOG_POLICY,
  createBroker,
  createBrokerRecord,
  deleteBroker,
  logGroup,
  putLogPolicy,
  tail,
  untilRunning,
} from '#cli/demo/story.ts'

/** A platform that answers from a list, the last answer again and again, and keeps what it was asked. */
function answering(...answers: readonly unknown[]) {
  const asked: { readonly call: string; readonly input: unknown }[] = []
  const next = <T>(call: string, input: unknown): Promise<T> => {
    const answer = answers[Math.min(asked.length, answers.length - 1)]
    asked.push({ call, input })
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as T)
  }
  const client: PlatformClient = {
    json: (service, operation, input) => next(`${service} ${operation}`, input),
    rest: (method, path, body) => next(`${method} ${path}`, body),
  }
  return { client, asked }
}

const never = new AbortController().signal
const state = (brokerState: string): BrokerDescription => ({ brokerState, engineVersion: '5.18' })

test('the policy lets Amazon MQ write under its prefix and nothing else', async () => {
  const { client, asked } = answering({})
  await putLogPolicy(client)
  expect(asked).toEqual([
    {
      call: 'logs PutResourcePolicy',
      input: { policyName: 'AmazonMQ-logs', policyDocument: JSON.stringify(LOG_POLICY) },
    },
  ])
  expect(LOG_POLICY.Statement).toHaveLength(1)
})

test('every demo has a broker name and a password of its own', async () => {
  const { client, asked } = answering({ brokerId: 'b-1' })
  const [one, other] = [await createBroker(client), await createBroker(client)]
  expect(one).toMatchObject({ id: 'b-1', username: 'demo' })
  expect(one.name).not.toBe(other.name)
  expect(one.password).not.toBe(other.password)
  expect(asked[0]?.input).toMatchObject({
    brokerName: one.name,
    logs: { general: true, audit: true },
    users: [{ password: one.password }],
  })
})

test('waiting ends when the broker runs, and tells every state on the way', async () => {
  const { client } = answering(state('CREATION_IN_PROGRESS'), state('RUNNING'))
  const told: string[] = []
  expect(await untilRunning(client, 'b-1', (seen) => told.push(seen), never)).toEqual(state('RUNNING'))
  expect(told).toEqual(['CREATION_IN_PROGRESS', 'RUNNING'])
})

test('waiting ends when the broker can never run', async () => {
  const { client } = answering(state('CREATION_FAILED'))
  await expect(untilRunning(client, 'b-1', () => {}, never)).rejects.toThrow(
    'the broker could not be created; sluice why b-1 says why',
  )
})

test('waiting ends at Ctrl-C', async () => {
  const { client } = answering(state('CREATION_IN_PROGRESS'))
  await expect(untilRunning(client, 'b-1', () => {}, AbortSignal.abort())).rejects.toThrow('aborted')
})

test('deleting waits until the broker is gone', async () => {
  const { client, asked } = answering({}, state('DELETION_IN_PROGRESS'), new Error('404'))
  await deleteBroker(client, 'b-1')
  expect(asked.map(({ call }) => call)).toEqual([
    'DELETE /v1/brokers/b-1',
    'GET /v1/brokers/b-1',
    'GET /v1/brokers/b-1',
  ])
})

test('log groups are named as Amazon MQ names them', () => {
  expect(logGroup('b-1', 'audit')).toBe('/aws/amazonmq/broker/b-1/audit')
})

test('following a group tells every event once, however often it is read', async () => {
  const one = { eventId: '1', timestamp: 1, message: 'one' }
  const two = { eventId: '2', timestamp: 2, message: 'two' }
  const { client } = answering({ events: [one] }, { events: [one, two] })
  const told: string[] = []
  await tail(client, ['g'], 300, (group, { message }) => told.push(`${group} ${message}`), never)
  await tail(client, ['g'], 0, () => {}, never)
  expect(told[0]).toBe('g one')
  expect(new Set(told).size).toBe(told.length)
})

const recordFor = (brokerName: string | null): { readonly CloudTrailEvent: string } => ({
  CloudTrailEvent: JSON.stringify({
    eventName: 'CreateBroker',
    requestParameters: brokerName === null ? null : { brokerName },
  }),
})
const broker = { id: 'b-1', name: 'demo-1', username: 'demo', password: 'x' }

test("the record of the demo's own broker is found among others", async () => {
  const { client } = answering({ Events: [recordFor(null), recordFor('demo-2'), recordFor('demo-1')] })
  expect(await createBrokerRecord(client, broker)).toMatchObject({ requestParameters: { brokerName: 'demo-1' } })
})

test('a record that is missing is an error, because it cannot be', async () => {
  const { client } = answering({ Events: [recordFor('demo-2')] })
  await expect(createBrokerRecord(client, broker)).rejects.toThrow('CloudTrail has no record of CreateBroker')
})
