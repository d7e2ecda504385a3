import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lowerCaseKey } from './lower-case.ts'

test('is the key in lower case, the first time and every other', () => {
  fc.assert(
    fc.property(fc.string(), (key) => {
      expect([lowerCaseKey(key), lowerCaseKey(key)]).toEqual([key.toLowerCase(), key.toLowerCase()])
    }),
  )
})

test('stays right beyond what is remembered', () => {
  for (let i = 0; i < 5_000; i += 1) expect(lowerCaseKey(`aws:RequestTag/K${i}`)).toBe(`aws:requesttag/k${i}`)
  expect(lowerCaseKey('A'.repeat(300))).toBe('a'.repeat(300))
})
