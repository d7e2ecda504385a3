import type { Clock } from '../../server/src/kernel/clock.ts'

/** What a contract suite needs of an implementation. */
export interface JournalHome<J> {
  open(): Promise<J>
  /** Closes and opens again what {@link open} opened. Left out: nothing survives. */
  readonly reopen?: (journal: J) => Promise<J>
  /** Brings what was appended to where it stays; left out: it is there at once. */
  readonly settle?: (journal: J) => Promise<void>
  close(journal: J): Promise<void>
}

/** A clock that tests set. */
export interface SettableClock extends Clock {
  set(millis: number): void
}

export function settableClock(start: number): SettableClock {
  let now = start
  return {
    now: () => now,
    set: (millis) => {
      now = millis
    },
  }
}

/** 2026-11-21T00:00:00Z */
export const TODAY = 1_795_219_200_000
export const DAY = 86_400_000
