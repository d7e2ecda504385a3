import type { EpochMillis } from '#kernel/ids.ts'
import type { Clock } from '#kernel/clock.ts'

/** What is being done for a broker right now, for people who wait. */
export interface BrokerProgress {
  readonly what: string
  readonly doneBytes?: number
  readonly totalBytes?: number
  readonly at: EpochMillis
}

/** Progress of brokers by id; in memory only, since it is of no use after a restart. One entry a broker that is worked on. */
export interface ProgressBoard {
  set(brokerId: string, step: Omit<BrokerProgress, 'at'>): void
  clear(brokerId: string): void
  get(brokerId: string): BrokerProgress | undefined
}

/** An empty board. */
export function progressBoard(clock: Clock): ProgressBoard {
  const board = new Map<string, BrokerProgress>()
  return {
    set: (brokerId, step) => void board.set(brokerId, { ...step, at: clock.now() }),
    clear: (brokerId) => void board.delete(brokerId),
    get: (brokerId) => board.get(brokerId),
  }
}
