import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_SEQ, eventId, parseEventId } from '#services/logs/events/event-id.ts'

const millis = fc.integer({ min: 1_600_000_000_000, max: 4_000_000_000_000 })
const seq = fc.integer({ min: 0, max: MAX_SEQ })
const key = fc.record({ timestamp: millis, ingestionTime: millis, seq })

const SIXTY_FOUR = (1n << 64n) - 1n

test("the layout is that of AWS's published sample, an event of 1396035378988 ingested at 1396035394997", () => {
  const published = BigInt('31132629274945519779805322857203735586714454643391594505')
  const own = BigInt(eventId({ timestamp: 1_396_035_378_988, ingestionTime: 1_396_035_394_997, seq: 3 * 2 ** 14 + 9 }))
  expect(own >> 80n).toBe(published >> 80n)
  expect((own >> 16n) & SIXTY_FOUR).toBe(3n)
  expect(own & 0xffffn).toBe(published & 0xffffn)
})

test('an id can be read back, and has 56 digits', () => {
  fc.assert(
    fc.property(key, (event) => {
      const id = eventId(event)
      expect(id).toMatch(/^\d{56}$/)
      expect(parseEventId(id)).toEqual(event)
    }),
  )
})

test('ids sort as texts like their events do: by time, ingestion, request and index', () => {
  fc.assert(
    fc.property(fc.array(key, { minLength: 2, maxLength: 10 }), (events) => {
      const order = (a: (typeof events)[number], b: (typeof events)[number]) =>
        a.timestamp - b.timestamp || a.ingestionTime - b.ingestionTime || a.seq - b.seq
      const want = events.toSorted(order).map(eventId)
      expect(events.map(eventId).toSorted()).toEqual(want)
    }),
  )
})

test.each(['', 'x', '12a', '-1', '9'.repeat(71), `${(1n << 200n) - 1n}`, `${(2n ** 64n - 1n) << 16n}`, '65535'])(
  '%s is no id of an event',
  (text) => {
    expect(parseEventId(text)).toBeUndefined()
  },
)
