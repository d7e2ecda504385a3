import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Positions } from './positions.ts'

test('counts lines and columns from one', () => {
  const positions = new Positions('ab\nc\r\n\nd')
  const places = Array.from({ length: 9 }, (_, offset) => positions.at(offset))
  expect(places.map(({ line, column }) => `${line}:${column}`)).toEqual([
    '1:1',
    '1:2',
    '1:3',
    '2:1',
    '2:2',
    '2:3',
    '3:1',
    '4:1',
    '4:2',
  ])
})

test('agrees with cutting the text at line ends', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '"') }), fc.nat(40), (text, offset) => {
      const lines = text.slice(0, offset).split('\n')
      const at = Math.min(offset, text.length)
      expect(new Positions(text).at(at)).toEqual({ line: lines.length, column: (lines.at(-1) ?? '').length + 1 })
    }),
  )
})

test('a range goes from the first character to just behind the last one', () => {
  expect(new Positions('{\n "a"\n}').range({ start: 3, end: 6 })).toEqual({
    start: { line: 2, column: 2 },
    end: { line: 2, column: 5 },
  })
})
