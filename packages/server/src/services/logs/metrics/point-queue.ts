import { messageOf } from '#kernel/errors.ts'
import { MAX_PUBLISHED_POINTS, type MetricPoint, type MetricSink } from '#kernel/metric-point.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { MAX_WAITING_POINTS } from '#services/logs/limits.ts'

/** Points on their way to where they are kept. What is not taken waits, up to a bound, for the next time. */
export class PointQueue {
  readonly #sink: MetricSink
  readonly #telemetry: Telemetry
  #waiting: readonly MetricPoint[] = []

  constructor({ sink, telemetry }: { readonly sink: MetricSink; readonly telemetry: Telemetry }) {
    this.#sink = sink
    this.#telemetry = telemetry
  }

  /** Publishes what has waited and these, oldest first, in publications of a size that is taken. */
  async publish(points: readonly MetricPoint[]): Promise<void> {
    let rest: readonly MetricPoint[] = [...this.#waiting, ...points]
    this.#waiting = []
    try {
      while (rest.length > 0) {
        await this.#sink.publish(rest.slice(0, MAX_PUBLISHED_POINTS))
        rest = rest.slice(MAX_PUBLISHED_POINTS)
      }
    } catch (error) {
      this.#keep(rest, messageOf(error))
    }
  }

  #keep(points: readonly MetricPoint[], error: string): void {
    // Others may have come meanwhile, so what was not taken goes before them.
    const kept = [...points, ...this.#waiting]
    this.#waiting = kept.slice(-MAX_WAITING_POINTS)
    const { meter, log } = this.#telemetry
    meter.add('logs_metric_points_dropped_total', kept.length - this.#waiting.length)
    log.warn({ event: 'metric_points_not_published', points: kept.length, error })
  }
}
