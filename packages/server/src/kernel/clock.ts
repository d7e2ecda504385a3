import type { EpochMillis } from '#kernel/ids.ts'

/** The platform's clock. Handlers never call `Date.now()`: tests and `/_sluice/clock` move this one. */
export interface Clock {
  now(): EpochMillis
  /** Milliseconds by which it is ahead of real time, for times that other processes wrote; none when left out. */
  readonly offset?: number
}

/** Real time plus an offset that only testing moves, and only forward. */
export class SystemClock implements Clock {
  #offset: number

  constructor(offsetMillis = 0) {
    this.#offset = offsetMillis
  }

  now(): EpochMillis {
    return Date.now() + this.#offset
  }

  /** Milliseconds added to real time. */
  get offset(): number {
    return this.#offset
  }

  /** @throws RangeError when `millis` is negative: what has expired must stay expired. */
  advance(millis: number): void {
    checkStep(millis)
    this.#offset += millis
  }
}

/** @throws RangeError when `millis` is negative or no number */
export function checkStep(millis: number): void {
  if (!(millis >= 0)) throw new RangeError('the clock only moves forward')
}
