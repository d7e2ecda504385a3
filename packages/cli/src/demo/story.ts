import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PlatformClient } from '#cli/platform-client.ts'

/** The policy of the Amazon MQ guide: lets mq.amazonaws.com write under /aws/amazonmq/. */
export const LOG_POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'mq.amazonaws.com' },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: 'arn:aws:logs:*:*:log-group:/aws/amazonmq/*',
    },
  ],
} as const

/** A broker of the demo and its user. */
export interface DemoBroker {
  readonly id: string
  readonly name: string
  readonly username: string
  readonly password: string
}

export interface BrokerDescription {
  readonly brokerState: string
  readonly engineVersion: string
  readonly brokerInstances?: readonly { readonly consoleURL: string; readonly endpoints: readonly string[] }[]
}

export interface LogEvent {
  readonly eventId: string
  readonly timestamp: number
  readonly message: string
}

export const putLogPolicy = (client: PlatformClient): Promise<unknown> =>
  client.json('logs', 'PutResourcePolicy', { policyName: 'AmazonMQ-logs', policyDocument: JSON.stringify(LOG_POLICY) })

/** CreateBroker with both logs on, and a random password that only this terminal shows. */
export async function createBroker(client: PlatformClient): Promise<DemoBroker> {
  const name = `demo-${randomBytes(3).toString('hex')}`
  const username = 'demo'
  const password = `Sluice-${randomBytes(9).toString('base64url')}`
  const { brokerId } = await client.rest<{ brokerId: string }>('POST', '/v1/brokers', {
    brokerName: name,
    creatorRequestId: name,
    deploymentMode: 'SINGLE_INSTANCE',
    engineType: 'ACTIVEMQ',
    engineVersion: '5.18',
    hostInstanceType: 'mq.t3.micro',
    publiclyAccessible: false,
    autoMinorVersionUpgrade: true,
    logs: { general: true, audit: true },
    users: [{ username, password, consoleAccess: true, groups: ['admins'] }],
  })
  return { id: brokerId, name, username, password }
}

const describeBroker = (client: PlatformClient, id: string): Promise<BrokerDescription> =>
  client.rest('GET', `/v1/brokers/${id}`)

/** Polls until the broker runs, telling each state that it sees. */
export async function untilRunning(
  client: PlatformClient,
  id: string,
  tell: (state: string) => void,
  signal: AbortSignal,
): Promise<BrokerDescription> {
  for (;;) {
    const broker = await describeBroker(client, id)
    tell(broker.brokerState)
    if (broker.brokerState === 'RUNNING') return broker
    if (broker.brokerState === 'CREATION_FAILED')
      throw new Error(`the broker could not be created; sluice why ${id} says why`)
    await sleep(250, undefined, { signal })
  }
}

/** Deletes the broker and waits, for a while, until it is gone. */
export async function deleteBroker(client: PlatformClient, id: string): Promise<void> {
  await client.rest('DELETE', `/v1/brokers/${id}`)
  for (let polls = 0; polls < 120; polls += 1) {
    const gone = await describeBroker(client, id).then(
      () => false,
      () => true,
    )
    if (gone) return
    await sleep(250)
  }
}

export const logGroup = (id: string, log: 'general' | 'audit'): string => `/aws/amazonmq/broker/${id}/${log}`

/** Follows log groups for a while, telling each new event once. */
export async function tail(
  client: PlatformClient,
  groups: readonly string[],
  millis: number,
  tell: (group: string, event: LogEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const seen = new Set<string>()
  const until = performance.now() + millis
  do {
    for (const group of groups) {
      const { events } = await client.json<{ events: readonly LogEvent[] }>('logs', 'FilterLogEvents', {
        logGroupName: group,
        limit: 1_000,
      })
      for (const event of events) {
        if (seen.has(event.eventId)) continue
        seen.add(event.eventId)
        tell(group, event)
      }
    }
    await sleep(400, undefined, { signal })
  } while (performance.now() < until)
}

/** The CloudTrail record of the broker's creation, once it is there. */
export async function createBrokerRecord(
  client: PlatformClient,
  broker: DemoBroker,
): Promise<Readonly<Record<string, unknown>>> {
  const { Events } = await client.json<{ Events: readonly { CloudTrailEvent: string }[] }>(
    'cloudtrail',
    'LookupEvents',
    {
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateBroker' }],
    },
  )
  const records = Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent) as Readonly<Record<string, unknown>>)
  const record = records.find(
    ({ requestParameters }) => (requestParameters as { brokerName?: string } | null)?.brokerName === broker.name,
  )
  if (record === undefined)
    throw new Error('CloudTrail has no record of CreateBroker, though every call is recorded before it is answered')
  return record
}
