import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDate } from './date.ts'

test('reads every instant that the platform writes', () => {
  const instants = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(instants, (date) => {
      expect(readDate(date.toISOString())).toBe(date.getTime())
      const seconds = Math.floor(date.getTime() / 1_000)
      if (Math.abs(seconds) > 9_999) expect(readDate(String(seconds))).toBe(seconds * 1_000)
    }),
  )
})

test.each([
  ['2026', Date.UTC(2026, 0, 1)],
  ['2026-11', Date.UTC(2026, 10, 1)],
  ['2024-02-29', Date.UTC(2024, 1, 29)],
  ['2026-11-21T10:30+05:30', Date.UTC(2026, 10, 21, 5)],
  ['2026-11-21T10:30:00-0530', Date.UTC(2026, 10, 21, 16)],
  ['2026-11-21t10:30:00z', Date.UTC(2026, 10, 21, 10, 30)],
  ['2026-11-21T10:30', Date.UTC(2026, 10, 21, 10, 30)],
  ['2026-11-21T10:30:00.25Z', Date.UTC(2026, 10, 21, 10, 30, 0, 250)],
  ['0', 0],
  ['-1', -1_000],
  ['1795257000.5', 1_795_257_000_500],
])('%s is %d', (text, millis) => {
  expect(readDate(text)).toBe(millis)
})

test.each([
  '2025-02-29',
  '2026-13',
  '2026-00-01',
  '2026-11-21T24:00Z',
  '2026-11-21T10:60Z',
  '2026-11-21T10:30+24:00',
  '2026-1-1',
  '',
  'now',
  '1e9',
])('%j is no date', (text) => {
  expect(readDate(text)).toBeUndefined()
})
