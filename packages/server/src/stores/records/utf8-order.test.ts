import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareUtf8, prefixEnd } from '#stores/records/utf8-order.ts'

const text = fc.string({
  unit: fc.constantFrom('a', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
  maxLength: 5,
})

test.each([
  { prefix: '', end: undefined },
  { prefix: 'a', end: 'b' },
  { prefix: 'a/', end: 'a0' },
  { prefix: 'a\u{10ffff}', end: 'b' },
  { prefix: '\u{10ffff}\u{10ffff}', end: undefined },
  { prefix: '\ud7ff', end: '\ue000' },
  { prefix: '\uffff', end: '\u{10000}' },
])('the range of prefix $prefix ends before $end', ({ prefix, end }) => {
  expect(prefixEnd(prefix)).toBe(end)
})

test('a text is inside the range of a prefix exactly when it starts with it', () => {
  const check = (prefix: string, other: string): void => {
    const end = prefixEnd(prefix)
    const inside = compareUtf8(other, prefix) >= 0 && (end === undefined || compareUtf8(other, end) < 0)
    expect(inside).toBe(other.startsWith(prefix))
  }
  fc.assert(fc.property(text, text, check))
  fc.assert(fc.property(text, text, (prefix, rest) => check(prefix, prefix + rest)))
})

test('order is by UTF-8 bytes, not by UTF-16 units', () => {
  expect(compareUtf8('\uff5e', '\u{1f980}')).toBeLessThan(0)
  expect(['\uff5e', '\u{1f980}'].toSorted()).toEqual(['\u{1f980}', '\uff5e'])
  expect(compareUtf8('a', 'a')).toBe(0)
})
