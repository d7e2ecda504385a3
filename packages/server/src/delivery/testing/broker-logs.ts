import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '#kernel/clock.ts'
import { accountId, region } from '#kernel/ids.ts'
import { type Labels, type LogFields, type Telemetry, silentTelemetry } from '#kernel/telemetry.ts'
import { openDeliveries } from '#delivery/deliveries.ts'
import type { Deliveries, DeliverySpec, DeliveryStatus, LogFilesSource } from '#delivery/delivery.ts'
import type { DeliveryLimits } from '#delivery/limits.ts'
import type { FarEnd } from '#delivery/testing/far-end.ts'

/** An instant for tests, of thirteen digits. */
export const NOON: number = Date.UTC(2026, 10, 21, 12)

/** A clock that tests set. */
export class FixedClock implements Clock {
  time: number
  offset = 0

  constructor(time: number = NOON) {
    this.time = time
  }

  now(): number {
    return this.time
  }
}

/** As the broker writes it. */
export const record = (message: string, time: number = NOON): string => `${String(time)} ${message}\u001e\n`

/** The log directory of one broker, filled by tests. */
export class BrokerLogs {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'sluice-delivery-'))
  readonly prefix = 'activemq'

  get source(): LogFilesSource {
    return { kind: 'log-files', directory: this.directory, prefix: this.prefix }
  }

  path(number: number): string {
    return join(this.directory, `${this.prefix}-${String(number)}.log`)
  }

  append(number: number, text: string | Uint8Array): void {
    appendFileSync(this.path(number), text)
  }

  spec(id = 'mq/b-1/1/general'): DeliverySpec & { readonly sink: { readonly kind: 'logs' } } {
    const account = accountId('000000000000')
    const as = {
      kind: 'service',
      service: 'mq.amazonaws.com',
      sourceArn: 'arn:aws:mq:us-east-1:000000000000:broker:b:b-1',
      sourceAccount: account,
      region: region('us-east-1'),
    } as const
    return { id, source: this.source, sink: { kind: 'logs', group: '/g', stream: 's', as } }
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** Everything at a pace for tests. */
export const QUICK: DeliveryLimits = {
  lingerMillis: 1,
  retryFirstMillis: 1,
  retryMaxMillis: 4,
  idleRetryMaxMillis: 8,
  probeBytes: 512,
  batchesInMemory: 4,
  pollMillis: 20,
  unwatchedPollMillis: 5,
  sourceBytes: 1_073_741_824,
}

export function deliveriesTo(
  farEnd: FarEnd,
  {
    clock,
    limits = {},
    telemetry = silentTelemetry,
  }: { readonly clock: Clock; readonly limits?: Partial<DeliveryLimits>; readonly telemetry?: Telemetry },
): Deliveries {
  return openDeliveries({
    call: farEnd.call,
    checkpoint: farEnd.checkpoint,
    clock,
    telemetry,
    limits: { ...QUICK, ...limits },
  })
}

/** Resolves when the condition holds; fails after ten seconds. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`${what} did not come about`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export function statusOf(deliveries: Deliveries, id: string): DeliveryStatus {
  const status = deliveries.status(id)
  if (status === undefined) throw new Error(`nothing is known of ${id}`)
  return status
}

/** Keeps what was logged and counted. */
export function recordingTelemetry(): Telemetry & {
  readonly lines: LogFields[]
  readonly counts: Map<string, number>
} {
  const lines: LogFields[] = []
  const counts = new Map<string, number>()
  const keep = (fields: LogFields): void => {
    lines.push(fields)
  }
  const add = (name: string, amount: number, _labels?: Labels): void => {
    counts.set(name, (counts.get(name) ?? 0) + amount)
  }
  return {
    lines,
    counts,
    log: { debug: keep, info: keep, warn: keep, error: keep },
    meter: {
      add,
      set: (name, value) => counts.set(name, value),
      observeSeconds: (name, seconds) => counts.set(name, seconds),
    },
  }
}
