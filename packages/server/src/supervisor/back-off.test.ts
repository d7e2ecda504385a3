import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backOff } from '#supervisor/back-off.ts'

test('waits double up to the bound, and start again after a success', () => {
  const waits = backOff({ firstMillis: 100, maxMillis: 1_000, random: () => 1 })
  expect([1, 2, 3, 4, 5, 6].map(() => waits.next())).toEqual([100, 200, 400, 800, 1_000, 1_000])
  waits.reset()
  expect(waits.next()).toBe(100)
})

test('every wait is between half and the whole of its step', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (random) => {
      const waits = backOff({ firstMillis: 100, maxMillis: 400, random: () => random })
      for (const step of [100, 200, 400, 400]) {
        const wait = waits.next()
        expect(wait).toBeGreaterThanOrEqual(step / 2)
        expect(wait).toBeLessThanOrEqual(step)
      }
    }),
  )
})
