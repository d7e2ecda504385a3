import { type Clock, SystemClock, checkStep } from '#kernel/clock.ts'
import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** The platform's clock, whose testing offset survives restarts: what has expired must not come back. */
export interface PersistedClock extends Clock {
  /**
   * Moves the clock forward; resolves with the whole offset in milliseconds when it is durable.
   * @throws RangeError when `millis` is negative; nothing is changed then
   */
  advance(millis: number): Promise<number>
}

const KEY: RecordKey = { collection: 'platform.clock', account: '-', region: '-', id: 'offset' }

/** The clock with the offset that an earlier run left; no offset when none did. */
export async function openPersistedClock(records: RecordStore): Promise<PersistedClock> {
  const stored = await records.get<{ readonly millis: number }>(KEY)
  const clock = new SystemClock(stored?.value.millis ?? 0)
  // One step at a time: each must be added to the one before it, on disk as in memory.
  let last: Promise<unknown> = Promise.resolve()
  const step = async (millis: number): Promise<number> => {
    await records.commit([{ kind: 'put', key: KEY, value: { millis: clock.offset + millis } }])
    clock.advance(millis)
    return clock.offset
  }
  return {
    now: () => clock.now(),
    get offset() {
      return clock.offset
    },
    async advance(millis) {
      checkStep(millis)
      const mine = last.then(() => step(millis))
      last = mine.catch(() => undefined)
      return mine
    },
  }
}
