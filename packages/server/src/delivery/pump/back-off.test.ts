import { expect, test } from 'vitest'
import { backOffMillis, pause } from '#delivery/pump/back-off.ts'

const PACE = { firstMillis: 100, maxMillis: 2_000 }

test('pauses double up to the most', () => {
  expect([1, 2, 3, 4, 5, 6, 1_000_000].map((failures) => backOffMillis(failures, PACE, () => 1))).toEqual([
    100, 200, 400, 800, 1_600, 2_000, 2_000,
  ])
})

test('up to half of a pause is left to chance', () => {
  expect(backOffMillis(3, PACE, () => 0)).toBe(200)
  expect(backOffMillis(3, PACE, () => 0.5)).toBe(300)
})

test('a pause ends early when its signal aborts', async () => {
  const over = new AbortController()
  const paused = pause(60_000, over.signal)
  over.abort()
  await paused
  await pause(60_000, over.signal)
  expect(over.signal.aborted).toBe(true)
})

test('a pause lasts as long as it should', async () => {
  const begun = performance.now()
  await pause(15, new AbortController().signal)
  expect(performance.now() - begun).toBeGreaterThanOrEqual(14)
})
