import { styleText } from 'node:util'
import { intro, log, outro } from '@clack/prompts'
import type { Config } from '@sluice/server/config'
import { ca } from '#cli/commands/ca.ts'
import { activemqConsole } from '#cli/demo/activemq-console.ts'
import { sendMessages } from '#cli/demo/messages.ts'
import { type DemoPlatform, findOrStartPlatform } from '#cli/demo/platform.ts'
import { progress } from '#cli/demo/progress.ts'
import {
  type BrokerDescription,
  type DemoBroker,
  createBroker,
  createBrokerRecord,
  deleteBroker,
  logGroup,
  putLogPolicy,
  tail,
  untilRunning,
} from '#cli/demo/story.ts'
import { type PlatformClient, platformClient } from '#cli/platform-client.ts'

const REGION = 'us-east-1'
/** How long the log groups are followed, in milliseconds. */
const TAIL_MILLIS = 5_000

/** Plays the story on a real broker; leaves it running until Ctrl-C, or stops at once with `once`. */
export async function demo(config: Config, options: { readonly once: boolean }): Promise<void> {
  const interrupted = new AbortController()
  const interruption = new Promise<void>((resolve) => {
    const stop = (): void => {
      interrupted.abort()
      resolve()
    }
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  })
  intro(styleText('bold', 'Sluice: a real ActiveMQ, its logs and its audit trail'))
  const platform = await started(config)
  const client = platformClient({ endpoint: platform.url, region: REGION, accessKeyId: 'test', secret: 'test' })
  let broker: DemoBroker | undefined
  try {
    log.step('aws logs put-resource-policy: let mq.amazonaws.com write under /aws/amazonmq/')
    await putLogPolicy(client)
    log.step('aws mq create-broker --logs General=true,Audit=true')
    broker = await createBroker(client)
    await play(client, platform, broker, interrupted.signal)
    if (options.once) return
    outro('Everything keeps running. Ctrl-C stops what this demo started.')
    await interruption
  } catch (error) {
    if (!interrupted.signal.aborted) throw error
  } finally {
    await clean(client, platform, broker)
  }
}

async function started(config: Config): Promise<DemoPlatform> {
  const wait = progress('Looking for a platform, starting one if there is none')
  const platform = await findOrStartPlatform(config)
  wait.done(platform.ours ? `Platform started at ${platform.url}` : `A platform answers at ${platform.url}`)
  return platform
}

async function play(
  client: PlatformClient,
  platform: DemoPlatform,
  broker: DemoBroker,
  signal: AbortSignal,
): Promise<void> {
  const description = await running(client, broker, signal)
  const [instance] = description.brokerInstances ?? []
  const amqp = instance?.endpoints.find((endpoint) => endpoint.startsWith('amqp'))
  if (instance === undefined || amqp === undefined) throw new Error('the running broker names no AMQP endpoint')
  const caPem = await ca(platform.url)
  const user = { username: broker.username, password: broker.password, caPem }

  await sendMessages({ ...user, endpoint: amqp }, 'ORDERS', ['one', 'two', 'three'])
  log.step(`Three messages sent to ORDERS over ${amqp}`)
  const console_ = activemqConsole({ ...user, consoleUrl: instance.consoleURL })
  await console_.createQueue('INVOICES')
  await console_.purgeQueue('ORDERS')
  log.step(`In the web console, as ${broker.username}: queue INVOICES created, queue ORDERS purged`)

  const groups = [logGroup(broker.id, 'general'), logGroup(broker.id, 'audit')]
  log.step(`Following ${groups.join(' and ')}`)
  await tail(
    client,
    groups,
    TAIL_MILLIS,
    (group, { message }) =>
      write(group.endsWith('/audit') ? styleText('yellow', '  audit   ') : styleText('cyan', '  general '), message),
    signal,
  )

  const record = await createBrokerRecord(client, broker)
  log.step('aws cloudtrail lookup-events: who created the broker (the password was never written down)')
  const { eventTime, eventSource, eventName, userIdentity, requestParameters, responseElements } = record
  write(
    '',
    JSON.stringify(
      { eventTime, eventSource, eventName, userIdentity, requestParameters, responseElements },
      undefined,
      2,
    ),
  )
  log.step('What to try next')
  write('', whatNext(platform, broker, instance))
}

async function running(client: PlatformClient, broker: DemoBroker, signal: AbortSignal): Promise<BrokerDescription> {
  const wait = progress(`Broker ${broker.name}: CREATION_IN_PROGRESS (the first time, ActiveMQ is downloaded: 50 MB)`)
  const description = await untilRunning(
    client,
    broker.id,
    (state) => wait.update(`Broker ${broker.name}: ${state}`),
    signal,
  )
  wait.done(`Broker ${broker.name} is RUNNING: Apache ActiveMQ ${description.engineVersion}`)
  return description
}

const write = (label: string, text: string): void => {
  process.stdout.write(`${label}${text}\n`)
}

const whatNext = (
  platform: DemoPlatform,
  broker: DemoBroker,
  instance: NonNullable<BrokerDescription['brokerInstances']>[number],
): string =>
  [
    `  Endpoint      ${platform.url}  (test / test)`,
    `  Web console   ${instance.consoleURL}  (${broker.username} / ${broker.password})`,
    ...instance.endpoints.map((endpoint) => `                ${endpoint}`),
    '',
    '  eval "$(npm run -s sluice -- env)"',
    `  aws mq describe-broker --broker-id ${broker.id}`,
    `  aws logs tail --follow ${logGroup(broker.id, 'general')}`,
    '  aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=CreateBroker',
    `  npm run -s sluice -- why ${broker.name}`,
  ].join('\n')

/** A platform of ours stops with everything in it; on somebody else's, only the demo's broker goes. */
async function clean(client: PlatformClient, platform: DemoPlatform, broker: DemoBroker | undefined): Promise<void> {
  const wait = progress('Stopping what this demo started')
  try {
    if (broker !== undefined) await deleteBroker(client, broker.id)
  } finally {
    await platform.stop()
  }
  wait.done(
    platform.ours
      ? 'Stopped. The logs and the audit trail stay in the data directory.'
      : 'The demo broker is gone; its logs stay.',
  )
}
