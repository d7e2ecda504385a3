import { expect, test } from 'vitest'
import { Progress } from '#delivery/progress.ts'
import { FixedClock, NOON } from '#delivery/testing/broker-logs.ts'

const BYTES = { lagBytes: 0, lostBytes: 0 }

test('a state says since when, and keeps that while it lasts', () => {
  const clock = new FixedClock()
  const progress = new Progress('d', clock)
  expect(progress.status(BYTES)).toEqual({
    id: 'd',
    state: 'starting',
    since: NOON,
    deliveredEvents: 0,
    rejectedEvents: 0,
    ...BYTES,
  })
  clock.time += 5
  expect(progress.delivering()).toBe(false)
  clock.time += 5
  progress.delivering()
  expect(progress.status(BYTES)).toMatchObject({ state: 'delivering', since: NOON + 5 })
})

test('a reason is news once, until it changes or delivery went on', () => {
  const progress = new Progress('d', new FixedClock())
  expect(['a', 'a', 'b'].map((reason) => progress.waiting({ reason }))).toEqual([true, false, true])
  expect(progress.delivering()).toBe(true)
  expect(progress.waiting({ reason: 'b' })).toBe(true)
  progress.stopped()
  expect(progress.status(BYTES)).not.toHaveProperty('reason')
})

test('how old the oldest event is that waits, is told while one does', () => {
  const progress = new Progress('d', new FixedClock())
  progress.faces(NOON - 7)
  expect(progress.status(BYTES)).toMatchObject({ oldestWaitingAt: NOON - 7 })
  progress.faces(undefined)
  expect(progress.status(BYTES)).not.toHaveProperty('oldestWaitingAt')
})

test('events that were all rejected are no delivery', () => {
  const progress = new Progress('d', new FixedClock())
  progress.delivered(3, 3)
  expect(progress.status(BYTES)).toMatchObject({ deliveredEvents: 0, rejectedEvents: 3 })
  expect(progress.status(BYTES)).not.toHaveProperty('lastDeliveredAt')
})
