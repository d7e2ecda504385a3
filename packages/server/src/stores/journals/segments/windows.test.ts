import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MILLIS } from './table-schema.ts'
import { RARE_GROWTH, windows } from './windows.ts'

const range = fc
  .tuple(fc.nat(400 * DAY_MILLIS), fc.nat(400 * DAY_MILLIS))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))

test('windows cover a range once, without a gap, whichever way it is read', () => {
  const stretch = fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 2 * DAY_MILLIS }))
  fc.assert(
    fc.property(range, stretch, (whole, first) => {
      const ascending = [...windows(whole, 'ascending', undefined, first)]
      const descending = [...windows(whole, 'descending', undefined, first)].toReversed()
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

test('a stretch that most likely has enough comes before the days, at the end that is read first', () => {
  const years = { from: 0, to: 3_000 * DAY_MILLIS }
  expect(windows(years, 'ascending', undefined, 5_000).next().value).toEqual({ from: 0, to: 4_999 })
  expect(windows(years, 'descending', undefined, 5_000).next().value).toEqual({ from: years.to - 4_999, to: years.to })
  expect([...windows(years, 'descending', undefined, DAY_MILLIS)]).toEqual([...windows(years, 'descending')])
})

test('what is rare is looked for in two windows', () => {
  const quarter = { from: 0, to: 90 * DAY_MILLIS }
  const [first, second, ...others] = windows(quarter, 'descending', RARE_GROWTH)
  expect([first?.to, second?.from, others.length]).toEqual([quarter.to, 0, 0])
})

test('a range that is empty has no window', () => {
  expect([...windows({ from: 2, to: 1 }, 'ascending'), ...windows({ from: 2, to: 1 }, 'descending')]).toEqual([])
})
