import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GLOBAL_REGION, accountId, isAccountId, isRegion, newUuid, randomBase32, region } from '#kernel/ids.ts'

test.each(['000000000000', '123456789012'])('%s is an account id', (text) => {
  expect(isAccountId(text)).toBe(true)
  expect(accountId(text)).toBe(text)
})

test.each(['', '12345678901', '1234567890123', '12345678901a', ' 123456789012', '123456789012\n', '١٢٣٤٥٦٧٨٩٠١٢'])(
  '%j is no account id',
  (text) => {
    expect(isAccountId(text)).toBe(false)
    expect(() => accountId(text)).toThrow('an account id has twelve digits')
  },
)

test.each(['us-east-1', 'ap-southeast-2', 'us-gov-west-1', 'us-iso-east-1', 'eusc-de-east-1', 'cn-north-1'])(
  '%s is a region',
  (text) => {
    expect(isRegion(text)).toBe(true)
    expect(region(text)).toBe(text)
  },
)

test.each([
  '',
  'us-east',
  'US-EAST-1',
  'us-east-1a',
  'us-east-1\n',
  '../../etc-1',
  'us/east-1',
  'us-east-100',
  'aws-global',
])('%j is no region that a request may name', (text) => {
  expect(isRegion(text)).toBe(false)
  expect(() => region(text)).toThrow('does not look like an AWS region name')
})

test('no region is long, so it can be part of a record key', () => {
  const long = `us-${'a'.repeat(40)}-1`
  expect(isRegion(long)).toBe(false)
})

test('records of global services cannot be reached through a region of a request', () => {
  expect(isRegion(GLOBAL_REGION)).toBe(false)
})

test('one hostile character anywhere makes a region none', () => {
  const hostile = fc.constantFrom('/', '.', '\n', '\0', ' ', ':', 'A', 'é', '%')
  fc.assert(
    fc.property(hostile, fc.nat('us-east-1'.length), (character, at) => {
      expect(isRegion(`${'us-east-1'.slice(0, at)}${character}${'us-east-1'.slice(at)}`)).toBe(false)
    }),
  )
})

test('a UUID is never made twice', () => {
  expect(newUuid()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  expect(new Set(Array.from({ length: 100 }, newUuid)).size).toBe(100)
})

test('random ids have the asked length and the alphabet of IAM ids', () => {
  expect(randomBase32(0)).toBe('')
  expect(randomBase32(200)).toMatch(/^[A-Z2-7]{200}$/)
  expect(randomBase32(16)).not.toBe(randomBase32(16))
})
