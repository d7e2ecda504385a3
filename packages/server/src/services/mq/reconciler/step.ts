import type { Deliveries } from '#delivery/delivery.ts'
import type { BrokerEngine } from '#engines/broker-engine.ts'
import type { Clock } from '#kernel/clock.ts'
import type { AuditDetail } from '#kernel/config.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { BrokerKeys } from '#services/mq/broker-keys.ts'
import type { BrokerInstance, BrokerRecord } from '#services/mq/broker-record.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import type { ConfigurationStore } from '#services/mq/configuration/configuration-store.ts'
import { deliverySpecs } from '#services/mq/log-delivery.ts'
import type { BrokerProcesses, RunningInstance } from '#services/mq/reconciler/broker-processes.ts'
import type { ProgressBoard } from '#services/mq/reconciler/progress.ts'
import type { RestartPolicy, RestartTuning } from '#services/mq/reconciler/restart-policy.ts'
import type { UnseenBrokers } from '#services/mq/reconciler/unseen-brokers.ts'
import type { Slots } from '#services/mq/reconciler/slots.ts'

export interface ReconcilerDeps {
  readonly store: BrokerStore
  readonly configurations: ConfigurationStore
  /** The one that runs a broker. */
  readonly engineOf: EngineOf
  readonly deliveries: Deliveries
  readonly clock: Clock
  readonly keys: BrokerKeys
  readonly telemetry: Telemetry
  readonly progress: ProgressBoard
  /** Bounds how many brokers start or stop at the same time. */
  readonly slots: Slots
  readonly tuning: RestartTuning
  readonly auditDetail: AuditDetail
  /** Brokers whose process has not been seen in this life of the platform. */
  readonly unseen: UnseenBrokers
}

/** Chooses the engine of a broker. */
export type EngineOf = (broker: Pick<BrokerRecord, 'engineType'>) => BrokerEngine

/** What a step works with: the dependencies, and what is known of this broker's processes. */
export interface StepContext extends ReconcilerDeps {
  readonly engine: BrokerEngine
  readonly processes: BrokerProcesses
  readonly restarts: RestartPolicy
  /** Aborts when the platform stops; what was begun is taken up again from the record. */
  readonly signal: AbortSignal
}

/** `settled`: nothing to do until the record changes or the broker ends. `gone`: the broker does not exist any more. */
export type StepResult = { readonly kind: 'settled' | 'gone' } | { readonly kind: 'again'; readonly inMillis: number }

/** A step takes the record as it is and brings the world, then the record, one state further. */
export type Step = (record: BrokerRecord, ctx: StepContext) => Promise<StepResult>

export const SETTLED: StepResult = { kind: 'settled' }

/** Starts what the record says is to be delivered; deliveries that run are left alone. */
export function startDeliveries(record: BrokerRecord, { deliveries, engine, auditDetail }: StepContext): void {
  for (const spec of deliverySpecs(record, engine, auditDetail)) deliveries.start(spec)
}

/** The instances as the record keeps them. */
export const instancesOf = (running: readonly RunningInstance[]): readonly BrokerInstance[] =>
  running.map(({ number, broker: { address } }) => ({
    number,
    ipAddress: address.ipAddress,
    endpoints: address.endpoints,
    consoleUrl: address.consoleUrl,
  }))

/** What a log line says about processes. */
export const pidsOf = (running: readonly RunningInstance[]): readonly number[] =>
  running.map(({ broker }) => broker.pid)
