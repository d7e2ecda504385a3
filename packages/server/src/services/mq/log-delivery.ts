import type { Deliveries, DeliverySpec, LogsSink } from '#delivery/delivery.ts'
import type { BrokerEngine, BrokerLog } from '#engines/broker-engine.ts'
import type { AuditDetail } from '#kernel/config.ts'
import {
  type BrokerRecord,
  type BrokerSettings,
  LOG_KINDS,
  engineTypeOf,
  type LogKind,
  type LogSwitches,
  instanceNumbers,
  logGroupName,
} from '#services/mq/broker-record.ts'
import { MQ_PRINCIPAL } from '#services/mq/log-groups.ts'
import { asServiceLinkedRole } from '#services/mq/service-linked-role.ts'

/** Names the delivery of one log of one instance, for ever. */
export const deliveryId = (brokerId: string, instance: number, log: BrokerLog): string =>
  `mq/${brokerId}/${String(instance)}/${log}`

/** What a stream is named by beside its instance, and the switch that it depends on. AWS has the first two only. */
const STREAMS: Readonly<Record<BrokerLog, { readonly suffix: string; readonly of: LogKind }>> = {
  general: { suffix: '', of: 'general' },
  audit: { suffix: '', of: 'audit' },
  security: { suffix: '.security', of: 'audit' },
  flow: { suffix: '.flow', of: 'audit' },
}

/** AWS's name of an instance's stream, the same in both groups; streams of ours say what they hold. */
export const streamName = (
  record: Pick<BrokerRecord, 'brokerId' | 'engineType'>,
  instance: number,
  log: BrokerLog,
): string => `${engineTypeOf(record).toLowerCase()}-${record.brokerId}-${String(instance)}${STREAMS[log].suffix}.log`

const DETAILS: Readonly<Record<AuditDetail, readonly BrokerLog[]>> = {
  management: [],
  security: ['security'],
  flow: ['security', 'flow'],
}

/** The streams that the platform is to fill for a switch, AWS's own first. */
export const logsOf = (kind: LogKind, detail: AuditDetail): readonly BrokerLog[] =>
  kind === 'audit' ? [kind, ...DETAILS[detail]] : [kind]

/** A log is delivered when it is on and its group was found or made; lines of any other log are passed over. */
export const deliveryPlan = (settings: BrokerSettings, groups: BrokerRecord['logGroups']): LogSwitches => ({
  general: settings.logs.general && groups.general?.present === true,
  audit: settings.logs.audit && groups.audit?.present === true,
})

/** The deliveries that the record asks for, one an instance and log. */
export function deliverySpecs(
  record: BrokerRecord,
  engine: BrokerEngine,
  detail: AuditDetail,
): readonly DeliverySpec[] {
  return instanceNumbers(record).flatMap((instance) =>
    LOG_KINDS.flatMap((kind) => logsOf(kind, detail)).map((log) => deliverySpec(record, instance, log, engine)),
  )
}

function deliverySpec(record: BrokerRecord, instance: number, log: BrokerLog, engine: BrokerEngine): DeliverySpec {
  const { of } = STREAMS[log]
  const { brokerId } = record
  return {
    id: deliveryId(brokerId, instance, log),
    source: { kind: 'log-files', ...engine.logFiles(brokerId, instance, log) },
    sink: record.delivering[of]
      ? {
          kind: 'logs',
          group: logGroupName(brokerId, of),
          stream: streamName(record, instance, log),
          as: writerOf(record),
        }
      : { kind: 'discard' },
  }
}

/** As whom lines are written: ActiveMQ's by the service under a resource policy, RabbitMQ's by its service-linked role. */
function writerOf(record: BrokerRecord): LogsSink['as'] {
  const { account, region, brokerArn: sourceArn } = record
  return engineTypeOf(record) === 'RabbitMQ'
    ? asServiceLinkedRole(record, sourceArn)
    : { kind: 'service', service: MQ_PRINCIPAL, sourceArn, sourceAccount: account, region }
}

/** How long the last lines of a broker that has stopped may take to arrive. */
const DRAIN_MILLIS = 10_000
/** A delivery that is refused gets one more chance, not the whole time. */
const WAITING_DRAIN_MILLIS = 1_000

/** Stops the deliveries of a broker, after they brought what was written until now. */
export async function drainDeliveries(
  record: BrokerRecord,
  deliveries: Deliveries,
  logs: readonly LogKind[] = LOG_KINDS,
): Promise<void> {
  const ids = instanceNumbers(record).flatMap((instance) =>
    logs.flatMap((kind) =>
      logsOf(kind, 'flow').map((log) => ({ kind, id: deliveryId(record.brokerId, instance, log) })),
    ),
  )
  await Promise.all(
    ids.map(({ kind, id }) => {
      if (!record.delivering[kind]) return deliveries.stop(id)
      const drainMillis = deliveries.status(id)?.state === 'waiting' ? WAITING_DRAIN_MILLIS : DRAIN_MILLIS
      return deliveries.stop(id, { drainMillis })
    }),
  )
}

/** What became of the switch from one plan to another while the broker stood still. */
export async function switchDeliveries(
  record: BrokerRecord,
  plan: LogSwitches,
  engine: BrokerEngine,
  deliveries: Deliveries,
): Promise<void> {
  const switched = LOG_KINDS.filter((log) => record.delivering[log] !== plan[log])
  await drainDeliveries(record, deliveries, switched)
  for (const instance of instanceNumbers(record)) {
    for (const log of switched.filter((each) => plan[each]).flatMap((kind) => logsOf(kind, 'flow'))) {
      // What was written while nobody wanted it stays undelivered: delivery begins with the start that follows.
      await deliveries.skip(deliveryId(record.brokerId, instance, log), {
        kind: 'log-files',
        ...engine.logFiles(record.brokerId, instance, log),
      })
    }
  }
}
