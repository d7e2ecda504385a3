/** A structured log line; `event` names it in snake_case, messages are lower case without a full stop. */
export interface LogFields {
  readonly event: string
  readonly [field: string]: unknown
}

/** Levels by what an operator must do: error = act now, warn = look today, info = a change of state, debug = for developers. */
export interface Log {
  debug(fields: LogFields): void
  info(fields: LogFields): void
  warn(fields: LogFields): void
  error(fields: LogFields): void
}

export type Labels = Readonly<Record<string, string>>

/** Prometheus metrics, without the `sluice_` prefix, e.g. `delivery_events_total`. */
export interface Meter {
  add(name: string, amount: number, labels?: Labels): void
  set(name: string, value: number, labels?: Labels): void
  observeSeconds(name: string, seconds: number, labels?: Labels): void
}

/** Where a part says what happens: log lines and metrics together. */
export interface Telemetry {
  readonly log: Log
  readonly meter: Meter
}

const ignore = (): void => {}

/** For tests and tools. */
export const silentTelemetry: Telemetry = {
  log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  meter: { add: ignore, set: ignore, observeSeconds: ignore },
}
