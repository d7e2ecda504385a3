import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FIXED_BYTES, RowLayout, readVarint, TornRow, varintBytes, writeVarint } from './row-layout.ts'

const layout = new RowLayout({
  name: 't',
  orderBy: 'grp',
  columns: [
    { name: 'flag', kind: 'UInt8', stored: 'UInt8' },
    { name: 'list', kind: 'Array(String)', stored: 'Array(String)' },
    { name: 'numbers', kind: 'Array(Float64)', stored: 'Array(Float64)' },
    { name: 'text', kind: 'String', stored: 'String' },
  ],
})
const string = (text: string): Buffer => {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(varintBytes(bytes.length))
  writeVarint(length, 0, bytes.length)
  return Buffer.concat([length, bytes])
}

test('a length is written as LEB128 and read back, whatever it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
      const bytes = Buffer.alloc(8)
      const end = writeVarint(bytes, 1, value)
      expect(end).toBe(1 + varintBytes(value))
      expect(readVarint(bytes, 1, end)).toBe(value)
    }),
    { examples: [[0], [127], [128], [16_383], [16_384], [2_097_151], [2_097_152], [268_435_455], [268_435_456]] },
  )
  expect([...Buffer.from([0xac, 0x02])]).toEqual([172, 2])
  expect(readVarint(Buffer.from([0xac, 0x02]), 0, 2)).toBe(300)
})

test('a length that does not end, or is longer than five bytes, is torn', () => {
  expect(() => readVarint(Buffer.from([0x80, 0x80]), 0, 2)).toThrow(TornRow)
  expect(() => readVarint(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x01]), 0, 6)).toThrow(TornRow)
  expect(() => readVarint(Buffer.from([]), 0, 0)).toThrow(TornRow)
})

test('rows are passed over by their columns, and a row that is cut anywhere is torn', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 200 }), { maxLength: 4 }),
      fc.string({ maxLength: 300 }),
      fc.nat({ max: 20 }),
      fc.nat(),
      (list, text, numbers, cut) => {
        const row = Buffer.concat([
          Buffer.alloc(FIXED_BYTES + 1),
          Buffer.from([list.length]),
          ...list.map(string),
          Buffer.from([numbers]),
          Buffer.alloc(numbers * 8, 0xff),
          string(text),
        ])
        const bytes = Buffer.concat([Buffer.alloc(3), row, Buffer.alloc(3)])
        expect(layout.skip(bytes, 3, bytes.length)).toBe(3 + row.length)
        const end = 3 + (cut % row.length)
        expect(() => layout.skip(bytes.subarray(0, end), 3, end)).toThrow(TornRow)
      },
    ),
  )
})

test('a table whose last column holds no text cannot carry marks', () => {
  const columns = [{ name: 'flag', kind: 'UInt8' as const, stored: 'UInt8' }]
  expect(() => new RowLayout({ name: 'bad', columns, orderBy: 'grp' })).toThrow('must be a String')
})
