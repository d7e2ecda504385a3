import { type Clock, SystemClock } from '#kernel/clock.ts'
import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** The platform's clock, whose testing offset survives restarts: what has expired must not come back. */
export interface PersistedClock extends Clock {
  /** Moves the clock forward; resolves with the whole offset in milliseconds when it is durable. */
  advance(millis: number): Promise<number>
}

const KEY: RecordKey = { collection: 'platform.clock', account: '-', region: '-', id: 'offset' }

export async function openPersistedClock(records: RecordStore): Promise<PersistedClock> {
  const stored = await records.get<{ readonly millis: number }>(KEY)
  const clock = new SystemClock(stored?.value.millis ?? 0)
  return {
    now: () => clock.now(),
    get offset() {
      return clock.offset
    },
    async advance(millis) {
      await records.commit([{ kind: 'put', key: KEY, value: { millis: clock.offset + millis } }])
      clock.advance(millis)
      return clock.offset
    },
  }
}
