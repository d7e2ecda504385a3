import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MILLIS } from './table-schema.ts'
import { RARE_GROWTH, windows } from './windows.ts'

const range = fc
  .tuple(fc.nat(400 * DAY_MILLIS), fc.nat(400 * DAY_MILLIS))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))

test('windows cover a range once, without a gap, whichever way it is read', () => {
  fc.assert(
    fc.property(range, (whole) => {
      const ascending = [...windows(whole, 'ascending')]
      const descending = [...windows(whole, 'descending')].toReversed()
      for (const parts of [ascending, descending]) {
        expect(parts[0]?.from).toBe(whole.from)
        expect(parts.at(-1)?.to).toBe(whole.to)
        for (const [index, part] of parts.entries()) {
          expect(part.from).toBeLessThanOrEqual(part.to)
          if (index > 0) expect(part.from).toBe((parts[index - 1]?.to ?? 0) + 1)
        }
      }
    }),
  )
})

test('the first window is two days at most, and few windows cover years', () => {
  const years = { from: 0, to: 3_000 * DAY_MILLIS }
  for (const order of ['ascending', 'descending'] as const) {
    const [first, ...others] = [...windows(years, order)]
    expect((first?.to ?? 0) - (first?.from ?? 0)).toBeLessThanOrEqual(2 * DAY_MILLIS)
    expect(others.length).toBeLessThan(8)
  }
})

test('what is rare is looked for in two windows', () => {
  const quarter = { from: 0, to: 90 * DAY_MILLIS }
  const [first, second, ...others] = windows(quarter, 'descending', RARE_GROWTH)
  expect([first?.to, second?.from, others.length]).toEqual([quarter.to, 0, 0])
})

test('a range that is empty has no window', () => {
  expect([...windows({ from: 2, to: 1 }, 'ascending'), ...windows({ from: 2, to: 1 }, 'descending')]).toEqual([])
})
