import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isInteger, isLong, isoTimestamp, parseBase64, parseEpochSeconds, parseTimestamp } from './values.ts'

test('base64 is read back, and only base64 is', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(parseBase64(Buffer.from(bytes).toString('base64'))).toEqual(new Uint8Array(bytes))
    }),
    { seed: 2 },
  )
  for (const text of ['a', 'ab=', 'a===', 'ab-_', 'ab cd===', '====']) expect(parseBase64(text)).toBeUndefined()
})

test('every instant is read back from its ISO text', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 0, 1) }), (millis) => {
      expect(parseTimestamp(isoTimestamp(millis), 'iso8601')).toBe(millis)
    }),
    { seed: 2 },
  )
})

test.each([
  ['iso8601', '2026-11-21T10:00:00Z', Date.UTC(2026, 10, 21, 10)],
  ['iso8601', '2026-11-21T11:00:00.5+01:00', Date.UTC(2026, 10, 21, 10, 0, 0, 500)],
  ['iso8601', '2024-02-29T00:00:00z', Date.UTC(2024, 1, 29)],
  ['iso8601', '2026-02-30T00:00:00Z', undefined],
  ['iso8601', '2026-13-01T00:00:00Z', undefined],
  ['iso8601', '2026-11-21', undefined],
  ['iso8601', '2026-11-21T10:00:00', undefined],
  ['iso8601', '2026-11-21T25:00:00Z', undefined],
  ['unixTimestamp', '1700000000.5', 1_700_000_000_500],
  ['unixTimestamp', '0x10', undefined],
  ['rfc822', 'Sat, 21 Nov 2026 10:00:00 GMT', Date.UTC(2026, 10, 21, 10)],
  ['rfc822', 'tomorrow', undefined],
] as const)('%s %s', (format, text, want) => {
  expect(parseTimestamp(text, format)).toBe(want)
})

test('numbers fit their types exactly', () => {
  expect([2 ** 31 - 1, -(2 ** 31), 0].every(isInteger)).toBe(true)
  expect([2 ** 31, 0.5, Number.NaN, Infinity].some(isInteger)).toBe(false)
  expect([2 ** 53, 2 ** 63, -(2 ** 63)].every(isLong)).toBe(true)
  expect([2 ** 64, 0.5, Number.NaN, Infinity].some(isLong)).toBe(false)
  expect(parseEpochSeconds(8.64e12)).toBe(8.64e15)
  expect(parseEpochSeconds(8.64e12 + 1)).toBeUndefined()
  expect(parseEpochSeconds(Number.NaN)).toBeUndefined()
})

test('integers end where their types do', () => {
  expect([2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 1.5].map(isInteger)).toEqual([
    true,
    false,
    true,
    false,
    false,
  ])
  expect([2 ** 63, 2 ** 64, -(2 ** 63), -(2 ** 64), 0.5].map(isLong)).toEqual([true, false, true, false, false])
})
