import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ber, berNumber, berValues, numberOf, readBer } from '#engines/ldap/ber.ts'

const MAX = 1024 * 1024

test.each([
  [0, '020100'],
  [127, '02017f'],
  [128, '02020080'],
  [255, '020200ff'],
  [256, '02020100'],
  [2_147_483_647, '02047fffffff'],
])('%d is %s', (value, bytes) => {
  expect(berNumber(0x02, value).toString('hex')).toBe(bytes)
})

test('values come back as they went in, whatever they hold and however long they are', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), fc.nat({ max: 2 ** 31 - 1 }), (texts, number) => {
      const parts = texts.map((text) => ber(0x04, Buffer.from(text)))
      const read = readBer(ber(0x30, berNumber(0x02, number), ...parts), MAX)
      const [first, ...rest] = berValues(read?.content ?? Buffer.alloc(0))
      expect(first && numberOf(first)).toBe(number)
      expect(rest.map(({ content }) => [...content])).toEqual(texts.map((text) => [...text]))
    }),
  )
})

test('while bytes are missing, there is no value', () => {
  const whole = ber(0x30, ber(0x04, 'a'.repeat(200)))
  for (let length = 0; length < whole.length; length++) expect(readBer(whole.subarray(0, length), MAX)).toBeUndefined()
  expect(readBer(Buffer.concat([whole, Buffer.from('more')]), MAX)?.end).toBe(whole.length)
})

test.each([
  ['no definite length', '3080', /not encoded/],
  ['a length of nine bytes', '3089', /not encoded/],
  ['more than may be held', '308400200000', /longer than 1048576 bytes/],
])('%s is refused before it is waited for', (_what, hex, says) => {
  expect(() => readBer(Buffer.from(hex, 'hex'), MAX)).toThrow(says)
})

test('a value that is cut off inside of another one is refused', () => {
  expect(() => berValues(Buffer.from('0405aa', 'hex'))).toThrow(/longer than|cut off/)
  expect(() => berValues(Buffer.from('04', 'hex'))).toThrow('cut off')
})

test('whatever bytes come, reading ends with a value, with waiting, or with an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        const value = readBer(Buffer.from(bytes), MAX)
        if (value !== undefined) berValues(value.content).map(numberOf)
      } catch (error) {
        expect((error as Error).message).toMatch(/^the answer is /)
      }
    }),
  )
})
