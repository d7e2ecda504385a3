import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileArn, matchArn, splitArn, splitParts } from './arn.ts'

const part = fc.string({ unit: fc.constantFrom('a', 'b', '/', '-'), maxLength: 4 })
const arnParts = fc.tuple(
  fc.constant('arn'),
  part,
  part,
  part,
  part,
  fc.string({ unit: fc.constantFrom('a', ':', '/') }),
)

test('an ARN has six parts, and the sixth keeps its colons', () => {
  expect(splitArn('arn:aws:mq:us-east-1:111122223333:broker:b:b-1')?.parts).toEqual([
    'arn',
    'aws',
    'mq',
    'us-east-1',
    '111122223333',
    'broker:b:b-1',
  ])
  expect(splitArn('arn:aws:mq')).toBeUndefined()
  expect(splitArn('urn:a:b:c:d:e')).toBeUndefined()
  expect(splitArn('*')).toBeUndefined()
})

test('splitting loses nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ':') }), (text) => {
      expect(splitParts(text).join(':')).toBe(text)
    }),
  )
})

test('an ARN matches itself, itself with a star for any part, and nothing that differs in a part', () => {
  fc.assert(
    fc.property(arnParts, fc.nat(5), (parts, at) => {
      const arn = splitArn(parts.join(':'))
      if (arn === undefined) throw new Error('the parts make no ARN')
      const matches = (changed: string): boolean => {
        const text = parts.map((one, i) => (i === at && i > 0 ? changed : one)).join(':')
        return matchArn(compileArn([{ text, literal: false }]), arn)
      }
      expect(matches(parts[at] ?? '')).toBe(true)
      expect(matches('*')).toBe(true)
      expect(matches(`${parts[at]}x`)).toBe(at === 0)
    }),
  )
})

test('a star at the end of a short pattern stands for every part that is left', () => {
  fc.assert(
    fc.property(arnParts, fc.integer({ min: 1, max: 5 }), (parts, kept) => {
      const arn = splitArn(parts.join(':'))
      if (arn === undefined) throw new Error('the parts make no ARN')
      const text = `${parts.slice(0, kept).join(':')}:*`
      expect(matchArn(compileArn([{ text, literal: false }]), arn)).toBe(true)
      const closed = `${parts.slice(0, kept).join(':')}:x`
      expect(matchArn(compileArn([{ text: closed, literal: false }]), arn)).toBe(false)
    }),
  )
})
