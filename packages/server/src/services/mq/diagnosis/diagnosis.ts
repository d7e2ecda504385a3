import type { Deliveries } from '#delivery/delivery.ts'
import type { Call } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import type { AuditDetail } from '#kernel/config.ts'
import {
  type BrokerRecord,
  LOG_KINDS,
  engineTypeOf,
  type LogKind,
  instanceNumbers,
  logGroupName,
} from '#services/mq/broker-record.ts'
import type { BrokerKeys } from '#services/mq/broker-keys.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { brokerFinding } from '#services/mq/diagnosis/broker-finding.ts'
import { deliveryFindings } from '#services/mq/diagnosis/delivery-findings.ts'
import { destinationFindings } from '#services/mq/diagnosis/destination-findings.ts'
import { directoryFindings } from '#services/mq/diagnosis/directory-finding.ts'
import type { Finding } from '#services/mq/diagnosis/finding.ts'
import { groupFinding, switchFinding } from '#services/mq/diagnosis/log-findings.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { deliveryId, logsOf } from '#services/mq/log-delivery.ts'
import type { Diagnosis, DiagnosisScope } from '#services/mq/port.ts'
import type { EngineOf } from '#services/mq/reconciler/step.ts'
import type { UnseenBrokers } from '#services/mq/reconciler/unseen-brokers.ts'
import type { ProgressBoard } from '#services/mq/reconciler/progress.ts'

interface DiagnosisDeps {
  readonly store: BrokerStore
  readonly deliveries: Deliveries
  readonly progress: ProgressBoard
  readonly unseen: UnseenBrokers
  readonly call: Call
  readonly clock: Clock
  readonly auditDetail: AuditDetail
  readonly engineOf: EngineOf
  readonly keys: BrokerKeys
}

/**
 * Walks the chain from a broker to its log streams: state, directory, switches, groups, permissions, delivery.
 * @throws AwsError NotFoundException when there is no such broker
 */
export async function diagnose(brokerIdOrName: string, scope: DiagnosisScope, deps: DiagnosisDeps): Promise<Diagnosis> {
  const found = await deps.store.find(scope, brokerIdOrName)
  if (found === undefined) throw mqErrors.brokerNotFound(brokerIdOrName)
  const record = deps.unseen.asItIs(found)
  const findings = await findingsOf(record, scope, deps)
  return {
    brokerId: record.brokerId,
    brokerName: record.brokerName,
    brokerArn: record.brokerArn,
    state: record.state,
    steps: findings.map(({ ok, title, detail }) => ({
      ok,
      title,
      ...(detail === undefined || detail === '' ? {} : { detail }),
    })),
    fix: commandsOf(findings),
  }
}

async function findingsOf(
  record: BrokerRecord,
  scope: DiagnosisScope,
  deps: DiagnosisDeps,
): Promise<readonly Finding[]> {
  const broker = brokerFinding(record, deps.progress.get(record.brokerId))
  if (broker.isEnd === true) return [broker]
  const kinds = engineTypeOf(record) === 'RabbitMQ' ? (['general'] as const) : LOG_KINDS
  const logs = await Promise.all(kinds.map((log) => logFindings(record, log, scope, deps)))
  return [broker, ...(await directoryFindings(record, deps)), ...logs.flat()]
}

async function logFindings(
  record: BrokerRecord,
  log: LogKind,
  scope: DiagnosisScope,
  deps: DiagnosisDeps,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [switchFinding(record, log)]
  if (findings.at(-1)?.isEnd !== true) findings.push(groupFinding(record, log))
  for (const instance of findings.at(-1)?.isEnd === true ? [] : instanceNumbers(record))
    findings.push(...(await streamsOf(record, log, instance, scope, deps)))
  return findings
}

/** Every stream that an instance has in the group of a log. */
async function streamsOf(
  record: BrokerRecord,
  log: LogKind,
  instance: number,
  { caller }: DiagnosisScope,
  deps: DiagnosisDeps,
): Promise<readonly Finding[]> {
  const group = logGroupName(record.brokerId, log)
  const findings: Finding[] = []
  for (const each of logsOf(log, deps.auditDetail)) {
    const destination =
      caller === undefined ? [] : await destinationFindings(record, group, instance, each, { call: deps.call, caller })
    findings.push(...destination)
    // Without its group, none of the streams has a place.
    if (destination.some(({ isEnd }) => isEnd === true)) return findings
    const status = deps.deliveries.status(deliveryId(record.brokerId, instance, each))
    findings.push(...deliveryFindings(record, each, status, deps.clock.now()))
  }
  return findings
}

// A reboot applies everything before it, so it comes last and once.
function commandsOf(findings: readonly Finding[]): readonly string[] {
  const commands = [...new Set(findings.flatMap(({ fix = [] }) => fix))]
  const isReboot = (command: string): boolean => command.includes(' reboot-broker ')
  return [...commands.filter((command) => !isReboot(command)), ...commands.filter(isReboot)]
}
