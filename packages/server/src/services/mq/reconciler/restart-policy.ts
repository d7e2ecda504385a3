import type { Clock } from '#kernel/clock.ts'
import type { EpochMillis } from '#kernel/ids.ts'

/** How a broker that keeps failing is started again. */
export interface RestartTuning {
  /** Waits before the first, second … attempt in a row, in milliseconds; the last one holds for all further ones. */
  readonly delaysMillis: readonly number[]
  /** So many failures in a row, and the broker is reported as critical. */
  readonly criticalAfter: number
  /** A broker that ran so long has recovered: counting starts anew. */
  readonly stableMillis: number
}

/** Quick at first, then once a minute for as long as it takes. */
export const RESTART_TUNING: RestartTuning = {
  delaysMillis: [1_000, 2_000, 5_000, 15_000, 30_000, 60_000],
  criticalAfter: 5,
  stableMillis: 5 * 60_000,
}

/** Counts the failures of one broker and says when it may be tried again. */
export class RestartPolicy {
  readonly #clock: Clock
  readonly #tuning: RestartTuning
  #failures = 0
  #reason = ''
  #startedAt: EpochMillis | undefined
  #notBefore: EpochMillis = 0

  constructor(clock: Clock, tuning: RestartTuning) {
    this.#clock = clock
    this.#tuning = tuning
  }

  started(): void {
    this.#startedAt = this.#clock.now()
  }

  /** A start failed, or a running broker ended by itself; `reason` is a sentence for people. */
  failed(reason: string): void {
    this.#reason = reason
    const now = this.#clock.now()
    if (this.#startedAt !== undefined && now - this.#startedAt >= this.#tuning.stableMillis) this.#failures = 0
    this.#startedAt = undefined
    this.#failures += 1
    const { delaysMillis } = this.#tuning
    this.#notBefore = now + (delaysMillis[Math.min(this.#failures, delaysMillis.length) - 1] ?? 0)
  }

  get isCritical(): boolean {
    return this.#failures >= this.#tuning.criticalAfter
  }

  get failures(): number {
    return this.#failures
  }

  get lastReason(): string {
    return this.#reason
  }

  /** Milliseconds until the next attempt; 0 when it may be made. */
  get waitMillis(): number {
    return Math.max(0, this.#notBefore - this.#clock.now())
  }
}
