import { explain } from '@sluice/policy'
import type { DeliveryStatus } from '#delivery/delivery.ts'
import type { BrokerLog } from '#engines/broker-engine.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import { type BrokerRecord, engineTypeOf } from '#services/mq/broker-record.ts'
import { type Finding, counted, instant, lines } from '#services/mq/diagnosis/finding.ts'
import { allowDelivery, makeServiceLinkedRole, rebootBroker } from '#services/mq/diagnosis/fixes.ts'

/** May Amazon MQ write to the group, and do the lines arrive? */
export function deliveryFindings(
  record: BrokerRecord,
  log: BrokerLog,
  status: DeliveryStatus | undefined,
  now: EpochMillis,
): readonly Finding[] {
  if (status === undefined || status.state === 'stopped') {
    return [{ ok: false, title: 'Nothing delivers this log at the moment', detail: 'Delivery starts with the broker.' }]
  }
  if (status.decision !== undefined) return [deniedFinding(record, status, now), ...lossFindings(status)]
  return [progressFinding(record, log, status, now), ...lossFindings(status)]
}

function deniedFinding(record: BrokerRecord, status: DeliveryStatus, now: EpochMillis): Finding {
  const { decision } = status
  const isRabbit = engineTypeOf(record) === 'RabbitMQ'
  return {
    ok: false,
    title: isRabbit
      ? `The role AWSServiceRoleForAmazonMQ may not perform ${decision?.action ?? 'the call'}`
      : `No resource policy of CloudWatch Logs in ${record.region} lets mq.amazonaws.com perform ${decision?.action ?? 'the call'}`,
    detail: lines(
      `on ${decision?.resource ?? ''}, for the broker ${record.brokerArn}`,
      ...(decision === undefined ? [] : explain(decision)),
      ...(isRabbit ? [] : ['One of another region or account does not count.']),
      waiting(status, now),
      'Delivery goes on by itself, without a reboot, when the policy allows it; nothing is lost meanwhile.',
    ),
    fix: isRabbit ? [makeServiceLinkedRole()] : allowDelivery(record, decision),
  }
}

function progressFinding(record: BrokerRecord, log: BrokerLog, status: DeliveryStatus, now: EpochMillis): Finding {
  const last = status.lastDeliveredAt === undefined ? 'none yet' : `last at ${instant(status.lastDeliveredAt)}`
  const detail = lines(
    status.reason,
    `${counted(status.deliveredEvents, 'event')} delivered since the platform started, ${last}`,
    waiting(status, now),
    ...(status.deliveredEvents === 0 && status.lagBytes === 0 ? [QUIET[log]] : []),
  )
  switch (status.state) {
    case 'delivering':
      return { ok: true, title: 'Its lines are being delivered', detail }
    case 'starting':
      return { ok: true, title: 'Delivery is starting', detail }
    case 'waiting':
    case 'stopped':
      return {
        ok: false,
        title: `Delivery waits since ${instant(status.since)}`,
        detail,
        fix: isGroupMissing(status) ? [rebootBroker(record)] : [],
      }
    default:
      return status.state satisfies never
  }
}

function waiting({ lagBytes, oldestWaitingAt }: DeliveryStatus, now: EpochMillis): string {
  const behind = `${counted(lagBytes, 'byte')} written by the broker and not yet delivered`
  if (oldestWaitingAt === undefined) return behind
  return `${behind}; ${counted(Math.max(0, Math.round((now - oldestWaitingAt) / 1_000)), 'second')} behind`
}

/** Why a stream that works may be empty. */
const QUIET: Readonly<Record<BrokerLog, string>> = {
  general: 'A broker that runs undisturbed writes little at the level INFO; DEBUG cannot be had.',
  audit:
    'It has lines only when somebody manages the broker at its web console; clients that connect or send leave none.',
  security: 'It has lines when clients connect, fail to log in, or are denied something.',
  flow: 'It has lines when messages move, each minute.',
}

// The sink names what is missing only in its sentence.
const isGroupMissing = ({ reason }: DeliveryStatus): boolean =>
  reason?.includes('log group') === true && reason.includes('does not exist')

function lossFindings({ lostBytes, rejectedEvents }: DeliveryStatus): readonly Finding[] {
  return [
    ...(lostBytes === 0
      ? []
      : [
          {
            ok: false,
            title: `${counted(lostBytes, 'byte')} of this log were given up`,
            detail: 'They waited until the disk bound of the broker was reached; a marker in the stream says so, too.',
          },
        ]),
    ...(rejectedEvents === 0
      ? []
      : [
          {
            ok: false,
            title: `CloudWatch Logs refused ${counted(rejectedEvents, 'event')}`,
            detail: 'Events older than 14 days, or than the retention of the group, are not accepted.',
          },
        ]),
  ]
}
