import type { Decision } from '@sluice/policy'
import type { CallAs } from '#kernel/call.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { ApiJournal, StoredApiEvent } from '#stores/journals/api-journal.ts'

/** A stream of events to bring to a destination. */
export interface DeliverySpec {
  /** Names source and checkpoint, unique for ever, e.g. `mq/<broker id>/1/general`. */
  readonly id: string
  readonly source: LogFilesSource | ApiEventsSource
  readonly sink: LogsSink | DiscardSink
}

/** Numbered files `<prefix>-<n>.log` of events. */
export interface LogFilesSource {
  readonly kind: 'log-files'
  /**
   * `stamped` (when left out): an event is `<epoch millis> <text>`, ended by U+001E and a line feed. `lines`: it is a line
   * that begins with its time, `2026-11-21 03:17:35.611696+00:00 `.
   */
  readonly records?: 'stamped' | 'lines'
  readonly directory: string
  readonly prefix: string
}

/** API events of an account, each as its JSON record. */
export interface ApiEventsSource {
  readonly kind: 'api-events'
  readonly journal: Pick<ApiJournal, 'tail' | 'nextSeq'>
  readonly account: string
  /** The seq behind which the first event comes, unless more was delivered before. */
  readonly after: number
  /** Must answer the same for the same event until it is delivered. */
  readonly wants: (event: StoredApiEvent) => boolean
}

/** A CloudWatch Logs stream; created first, and again when somebody deleted it. */
export interface LogsSink {
  readonly kind: 'logs'
  readonly group: string
  readonly stream: string
  readonly as: Exclude<CallAs, { kind: 'caller' }>
}

/** Logging is off: nothing is delivered, and only the two newest files of the source are kept. */
export interface DiscardSink {
  readonly kind: 'discard'
}

/** How a delivery is doing, for `sluice why` and for health. */
export interface DeliveryStatus {
  readonly id: string
  /** `waiting`: something refuses; it is retried for as long as the delivery exists. `stopped`: nobody delivers it. */
  readonly state: 'starting' | 'delivering' | 'waiting' | 'stopped'
  /** Since when it is in this state. */
  readonly since: EpochMillis
  readonly lastDeliveredAt?: EpochMillis
  /** Events delivered since the platform started. */
  readonly deliveredEvents: number
  /** Events the destination refused for good (older than 14 days). */
  readonly rejectedEvents: number
  /** Bytes written by the broker and not yet delivered. */
  readonly lagBytes: number
  /** Time of the oldest event that waits to be delivered; missing: none does. */
  readonly oldestWaitingAt?: EpochMillis
  /** Bytes given up because the disk bound was reached. */
  readonly lostBytes: number
  /** Why it waits, in a sentence. */
  readonly reason?: string
  /** The gate's explanation, when a denial is why. */
  readonly decision?: Decision
}

/** Runs deliveries: source → pump → sink. */
export interface Deliveries {
  /** Must start the delivery, or leave it alone if it runs. */
  start(spec: DeliverySpec): void
  /**
   * Must stop it. With `drain`, whatever the source holds now is delivered first, for at most so long; without,
   * what is left is kept for the next start.
   */
  stop(id: string, options?: { readonly drainMillis?: number }): Promise<void>
  /** Must pass over everything the source holds now: nothing written so far will be delivered. */
  skip(id: string, source: LogFilesSource): Promise<void>
  status(id: string): DeliveryStatus | undefined
  close(): Promise<void>
}
