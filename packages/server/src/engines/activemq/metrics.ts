import {
  type AttributeRead,
  type AttributeValues,
  type JolokiaTarget,
  readAttributes,
} from '#engines/activemq/jolokia.ts'
import type { BrokerReading, DestinationReading } from '#engines/broker-engine.ts'

const BROKER = 'org.apache.activemq:type=Broker,brokerName=*'

/** Attribute of a broker → AWS's name. */
const BROKER_GAUGES: Readonly<Record<string, string>> = {
  CurrentConnectionsCount: 'CurrentConnectionsCount',
  TotalConnectionsCount: 'EstablishedConnectionsCount',
  TotalConsumerCount: 'TotalConsumerCount',
  TotalProducerCount: 'TotalProducerCount',
  TotalMessageCount: 'TotalMessageCount',
  TotalEnqueueCount: 'TotalEnqueueCount',
  TotalDequeueCount: 'TotalDequeueCount',
  StorePercentUsage: 'StorePercentUsage',
  TempPercentUsage: 'TempPercentUsage',
  JobSchedulerStorePercentUsage: 'JobSchedulerStorePercentUsage',
}
/** A list, of which AWS publishes the length. */
const INACTIVE = 'InactiveDurableTopicSubscribers'
/** Where its listeners are, by their names, each with the limit that it has. */
const LISTENERS = 'TransportConnectors'
/** Name of a listener → AWS's name of its limit. */
const LIMITS: Readonly<Record<string, string>> = {
  openwire: 'OpenwireMaximumConnections',
  amqp: 'AmqpMaximumConnections',
  stomp: 'StompMaximumConnections',
  mqtt: 'MqttMaximumConnections',
  wss: 'WsMaximumConnections',
}

/** Attribute of a destination → AWS's name. */
const GAUGES: Readonly<Record<string, string>> = {
  ConsumerCount: 'ConsumerCount',
  ProducerCount: 'ProducerCount',
  AverageEnqueueTime: 'EnqueueTime',
  MemoryPercentUsage: 'MemoryUsage',
  InFlightCount: 'InFlightCount',
}
const QUEUE_GAUGES: Readonly<Record<string, string>> = { ...GAUGES, QueueSize: 'QueueSize' }
const SIZES = ['AverageMessageSize', 'MaxMessageSize']
/** Counted since the broker's start. */
const COUNTERS = ['EnqueueCount', 'DequeueCount', 'DispatchCount', 'ExpiredCount']

const destinations = (type: string, gauges: Readonly<Record<string, string>>): AttributeRead => ({
  mbean: `${BROKER},destinationType=${type},destinationName=*`,
  attributes: ['Name', ...Object.keys(gauges), ...COUNTERS, ...SIZES],
})

const READS: readonly AttributeRead[] = [
  { mbean: BROKER, attributes: [...Object.keys(BROKER_GAUGES), INACTIVE, LISTENERS] },
  { mbean: 'java.lang:type=Memory', attributes: ['HeapMemoryUsage'] },
  { mbean: 'java.lang:type=OperatingSystem', attributes: ['ProcessCpuLoad'] },
  destinations('Queue', QUEUE_GAUGES),
  destinations('Topic', GAUGES),
  {
    mbean: `${BROKER},connector=networkConnectors,networkConnectorName=*,networkBridge=*`,
    attributes: ['RemoteAddress'],
  },
  { mbean: `${BROKER},service=PersistenceAdapter,instanceName=*`, attributes: ['Data'] },
]

/** What an instance says about itself; `undefined`: it stands by. */
export async function readMetrics(target: JolokiaTarget): Promise<BrokerReading | undefined> {
  const read = await readAttributes(target, READS)
  if (read === undefined) return undefined
  const [broker, memory, system, queues, topics, bridges, store] = read
  return {
    gauges: {
      ...named(first(broker), BROKER_GAUGES),
      ...inactive(first(broker)),
      ...limits(first(broker)),
      NetworkConnectorConnectionCount: bridges?.size ?? 0,
      ...journalFiles(first(store)),
      ...heapUsage(first(memory)),
      ...cpuUtilization(first(system)),
    },
    destinations: [...destinationsOf('Queue', queues, QUEUE_GAUGES), ...destinationsOf('Topic', topics, GAUGES)],
  }
}

type Values = Readonly<Record<string, unknown>>

const first = (values: AttributeValues | undefined): Values => values?.values().next().value ?? {}

function named(values: Values, names: Readonly<Record<string, string>>): Record<string, number> {
  const found: Record<string, number> = {}
  for (const [attribute, name] of Object.entries(names)) {
    const { [attribute]: value } = values
    if (typeof value === 'number' && Number.isFinite(value)) found[name] = value
  }
  return found
}

/** @source Amazon MQ guide: counted up to 2,000 */
const MOST_INACTIVE = 2_000

function inactive({ [INACTIVE]: subscribers }: Values): Record<string, number> {
  if (!Array.isArray(subscribers)) return {}
  return { InactiveDurableTopicSubscribersCount: Math.min(MOST_INACTIVE, subscribers.length) }
}

/** As the broker itself has them, which keeps those that it was started with. */
function limits({ [LISTENERS]: listeners }: Values): Record<string, number> {
  const found = Object.entries(LIMITS).flatMap(([name, metric]) => {
    const { [name]: uri } = (listeners ?? {}) as Values
    const [, limit] = /[?&]maximumConnections=(\d+)/.exec(String(uri)) ?? []
    return limit === undefined ? [] : [[metric, Number(limit)] as const]
  })
  return Object.fromEntries(found)
}

/** The store names the files of its journal: `[1, 2, 5]`. All of them are read when the index has to be made anew. */
function journalFiles({ Data: files }: Values): Record<string, number> {
  return typeof files === 'string' ? { JournalFilesForFullRecovery: files.match(/\d+/g)?.length ?? 0 } : {}
}

function heapUsage({ HeapMemoryUsage: usage }: Values): Record<string, number> {
  const { used, max } = (usage ?? {}) as { readonly used?: unknown; readonly max?: unknown }
  return typeof used === 'number' && typeof max === 'number' && max > 0 ? { HeapUsage: (used / max) * 100 } : {}
}

/** Java answers a negative load until it has measured one. */
const cpuUtilization = ({ ProcessCpuLoad: load }: Values): Record<string, number> =>
  typeof load === 'number' && load >= 0 ? { CpuUtilization: load * 100 } : {}

function messageBytes(values: Values): Pick<DestinationReading, 'messageBytes'> {
  const { average, greatest } = named(values, { AverageMessageSize: 'average', MaxMessageSize: 'greatest' })
  return average === undefined || greatest === undefined ? {} : { messageBytes: { average, greatest } }
}

const destinationsOf = (
  kind: DestinationReading['kind'],
  values: AttributeValues | undefined,
  gauges: Readonly<Record<string, string>>,
): readonly DestinationReading[] =>
  [...(values?.values() ?? [])].flatMap((each) =>
    typeof each['Name'] === 'string'
      ? [
          {
            kind,
            name: each['Name'],
            gauges: named(each, gauges),
            counters: named(each, Object.fromEntries(COUNTERS.map((name) => [name, name]))),
            ...messageBytes(each),
          },
        ]
      : [],
  )
