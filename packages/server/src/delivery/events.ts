import type { Telemetry } from '#kernel/telemetry.ts'
import { ATTEMPTS_METRIC, type Outcome } from '#delivery/outcome.ts'

/** A delivery's name, for log lines. */
interface Named {
  readonly delivery: string
}

export function deliveryStarted({ log }: Telemetry, event: Named & { readonly sink: string }): void {
  log.info({ event: 'delivery_started', ...event })
}

export function deliveryStopped({ log }: Telemetry, event: Named & { readonly lagBytes: number }): void {
  log.info({ event: 'delivery_stopped', ...event })
}

/** Told once a reason, not once an attempt. */
export function deliveryWaiting({ log }: Telemetry, event: Named & { readonly reason: string }): void {
  log.warn({ event: 'delivery_waiting', ...event })
}

export function deliveryResumed({ log }: Telemetry, event: Named): void {
  log.info({ event: 'delivery_resumed', ...event })
}

export function attemptEnded(
  { meter }: Telemetry,
  event: { readonly sink: string; readonly outcome: Outcome['kind'] },
): void {
  meter.add(ATTEMPTS_METRIC[event.outcome], 1, { sink: event.sink })
}

/** `delaySeconds`: from the last event's own time until the destination had it. */
export function eventsDelivered(
  { log, meter }: Telemetry,
  { sink, ...event }: Named & { readonly sink: string; readonly events: number; readonly delaySeconds: number },
): void {
  log.debug({ event: 'events_delivered', ...event })
  meter.add('delivery_events_delivered_total', event.events, { sink })
  meter.observeSeconds('delivery_delay_seconds', event.delaySeconds, { sink })
}

/** Events that the destination took note of and will never store. */
export function eventsRejected(
  { log, meter }: Telemetry,
  { sink, ...event }: Named & { readonly sink: string; readonly events: number; readonly reason: string },
): void {
  log.warn({ event: 'events_rejected', ...event })
  meter.add('delivery_events_rejected_total', event.events, { sink })
}

/** The disk bound was reached. */
export function bytesLost(
  { log, meter }: Telemetry,
  event: Named & { readonly bytes: number; readonly boundBytes: number },
): void {
  log.error({ event: 'delivery_bytes_lost', ...event })
  meter.add('delivery_bytes_lost_total', event.bytes)
}

export function lagMeasured({ meter }: Telemetry, event: { readonly bytes: number }): void {
  meter.set('delivery_lag_bytes', event.bytes)
}

/** The writer began again with other files. */
export function newRunFound({ log }: Telemetry, event: Named & { readonly file: string }): void {
  log.info({ event: 'delivery_source_new_run', ...event })
}

/** Somebody else deleted a file that was not delivered. */
export function filesMissing(
  { log, meter }: Telemetry,
  event: Named & { readonly number: number; readonly nextNumber: number },
): void {
  log.warn({ event: 'delivery_source_files_missing', ...event })
  meter.add('delivery_source_files_missing_total', 1)
}

export function fileNotDeleted(
  { log }: Telemetry,
  event: Named & { readonly file: string; readonly reason: string },
): void {
  log.warn({ event: 'delivery_source_file_not_deleted', ...event })
}
