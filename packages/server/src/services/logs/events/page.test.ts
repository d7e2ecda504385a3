import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fittingPage, pageBytes } from '#services/logs/events/page.ts'
import { MAX_PAGE_BYTES } from '#services/logs/limits.ts'

const events = (...sizes: readonly number[]) => sizes.map((size) => ({ message: 'x'.repeat(size) }))

test('an event takes its UTF-8 bytes and 26 more', () => {
  expect(pageBytes('')).toBe(26)
  expect(pageBytes('é😀')).toBe(32)
})

test('a page may have exactly 1 MB', () => {
  const half = MAX_PAGE_BYTES / 2 - 26
  expect(fittingPage(events(half, half))).toHaveLength(2)
  expect(fittingPage(events(half, half + 1))).toHaveLength(1)
  expect(fittingPage(events(half, half, 0))).toHaveLength(2)
})

test('an event larger than a page is a page of its own', () => {
  expect(fittingPage(events(2 * MAX_PAGE_BYTES, 1))).toHaveLength(1)
  expect(fittingPage([])).toEqual([])
})

test('a page is the longest beginning that fits', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 600_000 }), { maxLength: 6 }), (sizes) => {
      const all = events(...sizes)
      const page = fittingPage(all)
      const bytes = (list: typeof all) => list.reduce((sum, { message }) => sum + pageBytes(message), 0)
      expect(all.slice(0, page.length)).toEqual(page)
      if (page.length > 1) expect(bytes([...page])).toBeLessThanOrEqual(MAX_PAGE_BYTES)
      if (page.length < all.length) expect(bytes(all.slice(0, page.length + 1))).toBeGreaterThan(MAX_PAGE_BYTES)
    }),
    { numRuns: 50 },
  )
})
