import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { MetricPoint, MetricSink } from '#kernel/metric-point.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { BrokerReading } from '#engines/broker-engine.ts'
import { type BrokerRecord, type BrokerRef, instanceNumbers } from '#services/mq/broker-record.ts'
import type { EngineOf } from '#services/mq/reconciler/step.ts'
import { STEADY } from '#services/mq/broker-state.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { flowEvents } from '#services/mq/metrics/flow-events.ts'
import type { FlowLog } from '#services/mq/metrics/flow-log.ts'
import { type Counted, metricPoints, wholeBrokerPoints } from '#services/mq/metrics/metric-points.ts'

interface CollectorDeps {
  readonly store: BrokerStore
  readonly engineOf: EngineOf
  readonly clock: Clock
  readonly telemetry: Telemetry
  /** Takes the points; left out: none are made. */
  readonly sink?: MetricSink
  /** Takes what went through the destinations of brokers whose audit log is delivered. */
  readonly flow?: FlowLog
}

const MINUTE_MILLIS = 60_000
/** Points that are kept while the sink takes none: an hour of twenty brokers with twenty destinations each. */
const MAX_WAITING_POINTS = 250_000

/** Reads the metrics of every running broker, once a call, and publishes them. */
export class MetricCollector {
  readonly #deps: CollectorDeps
  /** By broker and instance; what was not read this time is forgotten. */
  #counted = new Map<string, Counted>()
  #waiting: readonly MetricPoint[] = []
  #collectedAt: EpochMillis | undefined

  constructor(deps: CollectorDeps) {
    this.#deps = deps
  }

  async collect(): Promise<void> {
    const now = this.#deps.clock.now()
    const counted = new Map<string, Counted>()
    const refs = await this.#deps.store.refs()
    const read = await Promise.all(refs.map((ref) => this.#broker(ref, now, counted)))
    this.#counted = counted
    this.#collectedAt = now
    await this.#publish([...this.#waiting, ...read.flat()])
  }

  async #broker(ref: BrokerRef, now: EpochMillis, counted: Map<string, Counted>): Promise<readonly MetricPoint[]> {
    const record = await this.#deps.store.get(ref)
    if (record === undefined || !STEADY.includes(record.state)) return []
    const minute = Math.floor(now / MINUTE_MILLIS) * MINUTE_MILLIS
    const read = instanceNumbers(record).map((instance) => this.#instance(record, instance, now, counted))
    const found = (await Promise.all(read)).filter((each) => each !== undefined)
    const readings = found.map(({ reading }) => reading)
    return [...found.flatMap(({ points }) => points), ...wholeBrokerPoints(record, readings, minute)]
  }

  async #instance(
    record: BrokerRecord,
    instance: number,
    now: EpochMillis,
    counted: Map<string, Counted>,
  ): Promise<{ readonly reading: BrokerReading; readonly points: readonly MetricPoint[] } | undefined> {
    const { telemetry, flow } = this.#deps
    const engine = this.#deps.engineOf(record)
    try {
      const reading = await engine.readMetrics(record.brokerId, instance)
      if (reading === undefined) return undefined
      const key = `${record.brokerId} ${String(instance)}`
      const before = this.#counted.get(key)
      const minute = Math.floor(now / MINUTE_MILLIS) * MINUTE_MILLIS
      const found = metricPoints(record, instance, reading, before, minute)
      counted.set(key, found.counted)
      const from = this.#collectedAt
      if (record.delivering.audit && before !== undefined && from !== undefined)
        await flow?.write(
          engine.logFiles(record.brokerId, instance, 'flow'),
          flowEvents(reading, before, { from, to: now }),
          now,
        )
      return { reading, points: found.points }
    } catch (error) {
      telemetry.meter.add('mq_metric_reads_failed_total', 1)
      telemetry.log.warn({
        event: 'broker_metrics_unread',
        brokerId: record.brokerId,
        instance,
        reason: messageOf(error),
      })
      return undefined
    }
  }

  async #publish(points: readonly MetricPoint[]): Promise<void> {
    this.#waiting = []
    const { sink, telemetry } = this.#deps
    if (points.length === 0 || sink === undefined) return
    try {
      await sink.publish(points)
    } catch (error) {
      this.#waiting = points.slice(-MAX_WAITING_POINTS)
      telemetry.meter.add('mq_metric_points_dropped_total', points.length - this.#waiting.length)
      telemetry.log.warn({ event: 'metric_points_not_published', points: points.length, error: messageOf(error) })
    }
  }
}
