import pino from 'pino'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { Labels, Telemetry } from '#kernel/telemetry.ts'

/** Telemetry that goes somewhere: log lines as JSON on standard error, metrics for `/metrics`. */
export interface TelemetryOutput extends Telemetry {
  /** The Prometheus exposition text and its content type. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>
}

/** Upper bounds in seconds: from a small signed call to a slow scan. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Telemetry of a running platform, with `/metrics` to read it from. */
export function openTelemetry(options: {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly destination?: pino.DestinationStream
}): TelemetryOutput {
  const logger = pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  )
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counters = new Map<string, Counter>()
  const gauges = new Map<string, Gauge>()
  const histograms = new Map<string, Histogram>()
  const metric = <M>(
    known: Map<string, M>,
    name: string,
    labels: Labels,
    make: (config: { name: string; help: string; labelNames: string[]; registers: Registry[] }) => M,
  ): M => {
    const existing = known.get(name)
    if (existing !== undefined) return existing
    const made = make({
      name: `sluice_${name}`,
      help: name.replaceAll('_', ' '),
      labelNames: Object.keys(labels),
      registers: [registry],
    })
    known.set(name, made)
    return made
  }
  return {
    log: {
      debug: (fields) => logger.debug(fields),
      info: (fields) => logger.info(fields),
      warn: (fields) => logger.warn(fields),
      error: (fields) => logger.error(fields),
    },
    meter: {
      add: (name, amount, labels = {}) =>
        metric(counters, name, labels, (config) => new Counter(config)).inc(labels, amount),
      set: (name, value, labels = {}) => metric(gauges, name, labels, (config) => new Gauge(config)).set(labels, value),
      observeSeconds: (name, seconds, labels = {}) =>
        metric(histograms, name, labels, (config) => new Histogram({ ...config, buckets: BUCKETS })).observe(
          labels,
          seconds,
        ),
    },
    metrics: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}
