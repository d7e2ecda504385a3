import { describe, expect, test } from 'vitest'
import { decodeCbor } from './decode.ts'
import { CborTimestamp } from './timestamp.ts'

const decode = (hex: string): unknown => decodeCbor(Buffer.from(hex, 'hex'))
const bytes = (...list: readonly number[]): Uint8Array => Uint8Array.from(list)
const upTo25 = Array.from({ length: 25 }, (_, index) => index + 1)

describe('RFC 8949, appendix A', () => {
  test.each([
    ['00', 0],
    ['01', 1],
    ['0a', 10],
    ['17', 23],
    ['1818', 24],
    ['1819', 25],
    ['1864', 100],
    ['1903e8', 1_000],
    ['1a000f4240', 1_000_000],
    ['1b000000e8d4a51000', 1_000_000_000_000],
    ['1bffffffffffffffff', 2 ** 64],
    ['3bffffffffffffffff', -(2 ** 64)],
    ['20', -1],
    ['29', -10],
    ['3863', -100],
    ['3903e7', -1_000],
    ['f90000', 0],
    ['f98000', -0],
    ['f93c00', 1],
    ['fb3ff199999999999a', 1.1],
    ['f93e00', 1.5],
    ['f97bff', 65_504],
    ['fa47c35000', 100_000],
    ['fa7f7fffff', 3.402_823_466_385_288_6e38],
    ['fb7e37e43c8800759c', 1e300],
    ['f90001', 5.960_464_477_539_063e-8],
    ['f90400', 0.000_061_035_156_25],
    ['f9c400', -4],
    ['fbc010666666666666', -4.1],
    ['f97c00', Infinity],
    ['f97e00', Number.NaN],
    ['f9fc00', -Infinity],
    ['fa7f800000', Infinity],
    ['fa7fc00000', Number.NaN],
    ['faff800000', -Infinity],
    ['fb7ff0000000000000', Infinity],
    ['fb7ff8000000000000', Number.NaN],
    ['fbfff0000000000000', -Infinity],
    ['f4', false],
    ['f5', true],
    ['f6', null],
    ['f7', null],
    ['c11a514b67b0', new CborTimestamp(1_363_896_240)],
    ['c1fb41d452d9ec200000', new CborTimestamp(1_363_896_240.5)],
    ['40', bytes()],
    ['4401020304', bytes(1, 2, 3, 4)],
    ['60', ''],
    ['6161', 'a'],
    ['6449455446', 'IETF'],
    ['62225c', '"\\'],
    ['62c3bc', 'ü'],
    ['63e6b0b4', '水'],
    ['64f0908591', '\u{10151}'],
    ['80', []],
    ['83010203', [1, 2, 3]],
    ['8301820203820405', [1, [2, 3], [4, 5]]],
    ['98190102030405060708090a0b0c0d0e0f101112131415161718181819', upTo25],
    ['a0', {}],
    ['a26161016162820203', { a: 1, b: [2, 3] }],
    ['826161a161626163', ['a', { b: 'c' }]],
    ['a56161614161626142616361436164614461656145', { a: 'A', b: 'B', c: 'C', d: 'D', e: 'E' }],
    ['5f42010243030405ff', bytes(1, 2, 3, 4, 5)],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['9fff', []],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    ['9f01820203820405ff', [1, [2, 3], [4, 5]]],
    ['83018202039f0405ff', [1, [2, 3], [4, 5]]],
    ['83019f0203ff820405', [1, [2, 3], [4, 5]]],
    ['9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff', upTo25],
    ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
    ['826161bf61626163ff', ['a', { b: 'c' }]],
    ['bf6346756ef563416d7421ff', { Fun: true, Amt: -2 }],
  ])('%s', (hex, want) => {
    expect(decode(hex)).toStrictEqual(want)
  })

  test.each([
    ['c249010000000000000000', 'a tag is not 1'],
    ['c349010000000000000000', 'a tag is not 1'],
    ['c074323031332d30332d32315432303a30343a30305a', 'a tag is not 1'],
    ['d74401020304', 'a tag is not 1'],
    ['d818456449455446', 'a tag is not 1'],
    ['d9d9f700', 'a tag is not 1'],
    ['f0', 'an item is of no known kind'],
    ['f8ff', 'an item is of no known kind'],
    ['a201020304', 'a key that is not text'],
  ])('%s is CBOR that no member is written in', (hex, message) => {
    expect(() => decode(hex)).toThrow(message)
  })
})

test('other forms than the shortest are read', () => {
  expect(decode('9b0000000000000002 1b0000000000000001 7800'.replaceAll(' ', ''))).toEqual([1, ''])
  expect(decode('7f606161ff')).toBe('a')
  expect(decode('5fff')).toEqual(bytes())
  expect(decode('bf7f6161ff01ff')).toEqual({ a: 1 })
})

test('timestamps have whole, negative and short numbers too', () => {
  expect(decode('c100')).toEqual(new CborTimestamp(0))
  expect(decode('c120')).toEqual(new CborTimestamp(-1))
  expect(decode('c1f93e00')).toEqual(new CborTimestamp(1.5))
  expect(decode('d80100')).toEqual(new CborTimestamp(0))
})

test('bytes are a copy', () => {
  const body = Uint8Array.of(0x41, 7)
  const value = decodeCbor(body)
  body[1] = 8
  expect(value).toEqual(Uint8Array.of(7))
})

test('a body that is a part of a larger buffer is read from its own beginning', () => {
  const all = Uint8Array.of(1, 2, 0x83, 0x41, 7, 0x19, 1, 0, 0x61, 0x61, 3)
  expect(decodeCbor(all.subarray(2, 10))).toEqual([Uint8Array.of(7), 256, 'a'])
})

test('names of an object are keys like others, but for the one that is not', () => {
  const value = decode('a2 6b636f6e7374727563746f72 01 68746f537472696e67 02'.replaceAll(' ', '')) as object
  expect(Object.entries(value)).toEqual([
    ['constructor', 1],
    ['toString', 2],
  ])
  expect(() => decode('a1695f5f70726f746f5f5fa0')).toThrow('a map has the key __proto__')
})

test('the keys of a map do not leak into the next', () => {
  // The second map has a key as long as the first's, one that begins like it, and one that is no UTF-8 but like it as Latin-1.
  expect(decode('82 a1 626162 01 a1 626163 02'.replaceAll(' ', ''))).toEqual([{ ab: 1 }, { ac: 2 }])
  expect(decode('82 a1 626162 01 a1 6161 02'.replaceAll(' ', ''))).toEqual([{ ab: 1 }, { a: 2 }])
  expect(() => decode('82 a1 62c3bc 01 a1 61fc 02'.replaceAll(' ', ''))).toThrow('not valid UTF-8')
})

describe('what is not well-formed is refused', () => {
  test.each([
    ['', 'it ends too early'],
    ['18', 'it ends too early'],
    ['19ff', 'it ends too early'],
    ['1affffff', 'it ends too early'],
    ['1bffffffffffffff', 'it ends too early'],
    ['fa000000', 'it ends too early'],
    ['61', 'it ends too early'],
    ['4401', 'it ends too early'],
    ['81', 'it ends too early'],
    ['a16161', 'it ends too early'],
    ['5bffffffffffffffff', 'it ends too early'],
    ['7bffffffffffffffff00', 'it ends too early'],
    ['9bffffffffffffffff00', 'it ends too early'],
    ['bb8000000000000000616100', 'it ends too early'],
    ['9f01', 'it ends too early'],
    ['bf', 'it ends too early'],
    ['bf6161ff', 'an item is of no known kind'],
    ['7f6161', 'it ends too early'],
    ['c1', 'it ends too early'],
    ['0000', 'more follows its first item'],
    ['ff', 'an item is of no known kind'],
    ['81ff', 'an item is of no known kind'],
    ['1c', 'of no known kind'],
    ['1d', 'of no known kind'],
    ['1e', 'of no known kind'],
    ['1f', 'of no known kind'],
    ['3f', 'of no known kind'],
    ['5c', 'of no known kind'],
    ['9e', 'of no known kind'],
    ['df', 'of no known kind'],
    ['fc', 'of no known kind'],
    ['f800', 'of no known kind'],
    ['f814', 'of no known kind'],
    ['7f4161ff', 'a piece of another kind'],
    ['5f6161ff', 'a piece of another kind'],
    ['7f00ff', 'a piece of another kind'],
    ['7f7f6161ffff', 'of no known kind'],
    ['61ff', 'a text is not valid UTF-8'],
    ['63eda080', 'a text is not valid UTF-8'],
    ['7f61c361bcff', 'a text is not valid UTF-8'],
    ['a161ff00', 'a text is not valid UTF-8'],
    ['a2616101616102', 'the same key twice'],
    ['bf616101616102ff', 'the same key twice'],
    ['a16161a2616101616102', 'the same key twice'],
    ['c1f6', 'a timestamp is not a number'],
    ['c16130', 'a timestamp is not a number'],
    ['c1c100', 'a timestamp is not a number'],
    ['c18100', 'a timestamp is not a number'],
  ])('%s', (hex, message) => {
    expect(() => decode(hex)).toThrow(message)
    expect(() => decode(hex)).toThrow(expect.objectContaining({ name: 'Malformed', path: '' }))
  })

  test('but the character that stands for what is none is a character', () => {
    expect(decode('63efbfbd')).toBe('\ufffd')
  })
})

test('lists may be nested as deep as any input, and hold as many items, but no deeper and no more', () => {
  const nested = (depth: number): Buffer => Buffer.concat([Buffer.alloc(depth, 0x81), Buffer.from([0xf6])])
  expect(decodeCbor(nested(64))).toHaveLength(1)
  expect(() => decodeCbor(nested(65))).toThrow('nested deeper than 64 levels')
  const endless = Buffer.concat([Buffer.from([0x9f]), Buffer.alloc(1_000_000, 0xf6), Buffer.from([0xff])])
  expect(() => decodeCbor(endless)).toThrow('more than 1000000 items')
})
