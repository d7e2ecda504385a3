import type { BrokerReading, DestinationReading } from '#engines/broker-engine.ts'
import { evaluate } from '#engines/rabbitmq/evaluate.ts'
import { type RabbitmqNode, nodeName } from '#engines/rabbitmq/node.ts'

/** Queues of a node that are read: as many as have metrics. */
const MAX_QUEUES = 1_000

/** AWS's name → the key of what the console tells about the node. */
const NODE = {
  RabbitMQMemLimit: 'mem_limit',
  RabbitMQMemUsed: 'mem_used',
  RabbitMQDiskFreeLimit: 'disk_free_limit',
  RabbitMQDiskFree: 'disk_free',
  RabbitMQFdUsed: 'fd_used',
} as const
/** AWS's name → section and key of the console's overview, which is of the whole broker. */
const COUNTS = {
  ExchangeCount: ['object_totals', 'exchanges'],
  QueueCount: ['object_totals', 'queues'],
  ConnectionCount: ['object_totals', 'connections'],
  ChannelCount: ['object_totals', 'channels'],
  ConsumerCount: ['object_totals', 'consumers'],
  MessageCount: ['queue_totals', 'messages'],
  MessageReadyCount: ['queue_totals', 'messages_ready'],
  MessageUnacknowledgedCount: ['queue_totals', 'messages_unacknowledged'],
} as const
/** AWS's name → the key of a rate a second in the overview. */
const RATES = { PublishRate: 'publish_details', ConfirmRate: 'confirm_details', AckRate: 'ack_details' } as const

const map = (entries: object, value: (of: never) => string): string =>
  `#{${Object.entries(entries)
    .map(([name, of]) => `'${name}'=>${value(of as never)}`)
    .join(',')}}`

/**
 * What the console shows, as JSON in base64: Erlang would write anything else in several ways. Each queue is told by the
 * node where its leader is.
 */
const EXPRESSION = `begin
Get=fun(Key,List,None)->case lists:keyfind(Key,1,List) of {_,Value}->Value;false->None end end,
Node=lists:append([List||Table<-[node_coarse_metrics,node_metrics],{_,List}<-ets:lookup(Table,node())]),
Overview=rabbit_mgmt_db:get_overview({no_range,no_range,no_range,no_range}),
Count=fun(Part,Key)->Get(Key,Get(Part,Overview,[]),0) end,
Rate=fun(Key)->Get(rate,Get(Key,Get(message_stats,Overview,[]),[]),0) end,
Consumers=fun(Queue)->case ets:lookup(queue_metrics,Queue) of [{_,List,_}|_]->Get(consumers,List,0);_->0 end end,
Queues=lists:sublist(lists:sort([{Host,Name,Ready,Unacked,All,Consumers(Queue)}
  ||{{resource,Host,queue,Name}=Queue,Ready,Unacked,All,_}<-ets:tab2list(queue_coarse_metrics)]),${String(MAX_QUEUES)}),
base64:encode_to_string(rabbit_json:encode(#{
  node=>${map(NODE, (key: string) => `Get(${key},Node,null)`)},
  whole=>maps:merge(${map(COUNTS, ([part, key]: [string, string]) => `Count(${part},${key})`)},${map(RATES, (key: string) => `Rate(${key})`)}),
  queues=>[#{host=>Host,name=>Name,gauges=>#{'MessageReadyCount'=>Ready,'MessageUnacknowledgedCount'=>Unacked,
    'MessageCount'=>All,'ConsumerCount'=>Each}}||{Host,Name,Ready,Unacked,All,Each}<-Queues]}))
end`

type Values = Readonly<Record<string, unknown>>
interface Answer {
  readonly node: Values
  readonly whole: Values
  readonly queues: readonly { readonly host: string; readonly name: string; readonly gauges: Values }[]
}

/** What a node says about itself and about its broker; `undefined`: it does not run. */
export async function readMetrics(node: RabbitmqNode): Promise<BrokerReading | undefined> {
  const value = await evaluate(node, EXPRESSION)
  if (value === undefined) return undefined
  const [, text = ''] = /^"([A-Za-z0-9+/=]*)"$/.exec(value) ?? []
  const answer = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Answer
  return {
    node: nodeName(node),
    gauges: numbers(answer.node),
    whole: numbers(answer.whole),
    destinations: answer.queues.map(({ host, name, gauges }): DestinationReading => ({
      kind: 'Queue',
      virtualHost: host,
      name,
      gauges: numbers(gauges),
      counters: {},
    })),
  }
}

/** Of a node that has just started, some are not known. */
const numbers = (values: Values): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => Number.isFinite(entry[1])))
