import type { Telemetry } from '#kernel/telemetry.ts'
import { lagMeasured } from '#delivery/events.ts'

/** Bytes that wait in all deliveries together, as a metric. */
export class LagTotal {
  readonly #telemetry: Telemetry
  readonly #bytes = new Map<string, number>()
  #total = 0

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry
  }

  report(delivery: string, bytes: number): void {
    const before = this.#bytes.get(delivery) ?? 0
    if (bytes === before) return
    if (bytes === 0) this.#bytes.delete(delivery)
    else this.#bytes.set(delivery, bytes)
    this.#total += bytes - before
    lagMeasured(this.#telemetry, { bytes: this.#total })
  }
}
