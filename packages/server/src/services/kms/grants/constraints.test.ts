import fc from 'fast-check'
import { expect, test } from 'vitest'
import { meets, noWider } from '#services/kms/grants/constraints.ts'
import type { GrantConstraints } from '#services/kms/grants/grant-record.ts'

const pairs = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { maxKeys: 3 })
const constraints: fc.Arbitrary<GrantConstraints> = fc.oneof(
  fc.constant({}),
  pairs.map((contextEquals) => ({ contextEquals })),
  pairs.map((contextSubset) => ({ contextSubset })),
)
const request = (encryptionContext: Record<string, string>, operation = 'Decrypt') => ({
  operation,
  encryptionContext,
  sourceArn: undefined,
})

test('whatever a passed-on grant allows, the first one allows as well', () => {
  fc.assert(
    fc.property(constraints, constraints, pairs, (own, given, context) => {
      if (noWider(own, given) && meets(given, request(context))) expect(meets(own, request(context))).toBe(true)
    }),
    { seed: 41, numRuns: 2_000 },
  )
})

test('a grant can always be passed on as it is', () => {
  fc.assert(
    fc.property(constraints, (own) => {
      expect(noWider(own, own)).toBe(true)
    }),
    { seed: 42 },
  )
})

test('names of the prototype are no pairs', () => {
  expect(meets({ contextSubset: { toString: 'x' } }, request({}))).toBe(false)
  expect(meets({ contextEquals: {} }, request({ constructor: 'x' }))).toBe(false)
})

test('operations without an encryption context are not bound by one', () => {
  for (const operation of ['DescribeKey', 'CreateGrant', 'RetireGrant'])
    expect(meets({ contextEquals: { a: '1' } }, request({}, operation))).toBe(true)
})

test('a source is the one that is named', () => {
  const sourceArn = 'arn:aws:s3:::bucket'
  expect(meets({ sourceArn }, { ...request({}), sourceArn })).toBe(true)
  expect(meets({ sourceArn }, request({}))).toBe(false)
  expect(noWider({ sourceArn }, {})).toBe(false)
  expect(noWider({ sourceArn }, { sourceArn })).toBe(true)
})
