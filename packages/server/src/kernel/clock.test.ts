import { expect, test } from 'vitest'
import { SystemClock } from '#kernel/clock.ts'

test('without an offset it is real time', () => {
  const clock = new SystemClock()
  const before = Date.now()
  const now = clock.now()
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
  expect(clock.offset).toBe(0)
})

test('an offset moves it forward, and steps add up', () => {
  const clock = new SystemClock(1_000)
  clock.advance(60_000)
  clock.advance(0)
  expect(clock.offset).toBe(61_000)
  expect(clock.now() - Date.now()).toBeGreaterThan(60_000)
})

test.each([-1, Number.NaN, Number.NEGATIVE_INFINITY])('a step of %d is refused and changes nothing', (millis) => {
  const clock = new SystemClock(5)
  expect(() => clock.advance(millis)).toThrow('the clock only moves forward')
  expect(clock.offset).toBe(5)
})
