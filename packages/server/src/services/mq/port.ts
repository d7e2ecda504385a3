import type { Deliveries } from '#delivery/delivery.ts'
import type { BrokerEngine, EngineVersion } from '#engines/broker-engine.ts'
import type { Call, CallContext } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import type { AuditDetail } from '#kernel/config.ts'
import type { AccountId, Region } from '#kernel/ids.ts'
import type { MetricSink } from '#kernel/metric-point.ts'
import type { PageTokens } from '#kernel/page-token.ts'
import type { Sealer } from '#kernel/secrets.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import type { RestartTuning } from '#services/mq/reconciler/restart-policy.ts'

/** What there is of RabbitMQ. */
export interface RabbitmqOffer {
  readonly engine: BrokerEngine
  /** What this machine has; `undefined`: it is not installed. */
  readonly installed: () => EngineVersion | undefined
  readonly instanceTypes: readonly string[]
}

/** What Amazon MQ is built from. */
export interface MqDeps {
  readonly records: RecordStore
  /** Runs ActiveMQ. */
  readonly engine: BrokerEngine
  /** Left out: nobody can have RabbitMQ. */
  readonly rabbitmq?: RabbitmqOffer
  readonly deliveries: Deliveries
  /** The diagnosis asks Logs with it, and keys of brokers KMS; bound late, since the gateway needs this service first. */
  readonly call: Call
  readonly clock: Clock
  /** Seals the passwords of broker users. */
  readonly sealer: Sealer
  readonly telemetry: Telemetry
  /** Takes the metrics of brokers, each minute; left out: none are read. */
  readonly metrics?: MetricSink
  readonly tokens: PageTokens
  /** The first one is the default. */
  readonly engineVersions: readonly EngineVersion[]
  /** Names such as `mq.m5.large`. */
  readonly instanceTypes: readonly string[]
  readonly auditDetail: AuditDetail
  /** How failing brokers are started again; the product's values when left out. */
  readonly restarts?: RestartTuning
}

/** Whose broker is asked about. */
export interface DiagnosisScope {
  readonly account: AccountId
  readonly region: Region
  /** The request of who asks: with it, log groups and streams are looked up with that caller's permission. */
  readonly caller?: CallContext
}

/** One link of the chain from a broker to its log events. */
export interface DiagnosisStep {
  readonly ok: boolean
  readonly title: string
  /** Lines of plain text. */
  readonly detail?: string
}

/** Why the logs of a broker do, or do not, appear; plain data. */
export interface Diagnosis {
  readonly brokerId: string
  readonly brokerName: string
  readonly brokerArn: string
  readonly state: string
  /** From the broker to its streams; what cannot be known yet is left out. */
  readonly steps: readonly DiagnosisStep[]
  /** The AWS CLI commands that mend it, in the order in which to run them. Empty: nothing is wrong, or no command helps. */
  readonly fix: readonly string[]
}
