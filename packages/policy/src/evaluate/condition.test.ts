import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePolicy } from '../parse.ts'
import type { Effect } from '../policy.ts'
import type { ContextValue } from '../request.ts'
import { type Condition, conditionHolds, holdsWhenMissing } from './condition.ts'
import { EvaluationError, Facts } from './facts.ts'

const conditionOf = (operator: string, values: readonly string[], effect: Effect = 'Allow'): Condition => {
  const statement = { Effect: effect, Action: '*', Resource: '*', Condition: { [operator]: { 'k:key': values } } }
  const condition = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), 'identity')
    .statements[0]?.conditions[0]
  if (condition === undefined) throw new Error('the policy has no condition')
  return condition
}

const factsOf = (actual: ContextValue | undefined, extra: Readonly<Record<string, string>> = {}): Facts =>
  new Facts({
    principal: { kind: 'anonymous' },
    action: 'mq:ListBrokers',
    resource: '*',
    resourceAccount: '111122223333',
    context: actual === undefined ? extra : { ...extra, 'K:Key': actual },
  })

/** The rules of the policy language for text, written down once more and as plainly as possible. */
function expected(
  prefix: string,
  negated: boolean,
  ifExists: boolean,
  values: readonly string[],
  actual: ContextValue | undefined,
): boolean {
  if (actual === undefined || (typeof actual !== 'string' && actual.length === 0)) {
    if (prefix === 'ForAnyValue:') return false
    if (prefix === 'ForAllValues:') return true
    return ifExists || negated
  }
  const one = (value: string): boolean => values.includes(value) !== negated
  if (prefix === '') return typeof actual === 'string' && one(actual)
  const given = typeof actual === 'string' ? [actual] : actual
  const list = given.length === 1 && given[0] === '' ? [] : given
  return prefix === 'ForAllValues:' ? list.every(one) : list.some(one)
}

const value = fc.constantFrom('a', 'b', 'c', '')
const actual = fc.oneof(fc.constant(undefined), value, fc.array(value, { maxLength: 3 }))

test('agrees with the rules for every prefix, negation, IfExists, policy value and request value', () => {
  const prefixes = fc.constantFrom('', 'ForAnyValue:', 'ForAllValues:')
  fc.assert(
    fc.property(
      prefixes,
      fc.boolean(),
      fc.boolean(),
      fc.array(value, { maxLength: 3 }),
      actual,
      (prefix, negated, ifExists, values, given) => {
        const operator = `${prefix}${negated ? 'StringNotEquals' : 'StringEquals'}${ifExists ? 'IfExists' : ''}`
        expect(conditionHolds(conditionOf(operator, values), 'Allow', factsOf(given))).toBe(
          expected(prefix, negated, ifExists, values, given),
        )
      },
    ),
    { numRuns: 2_000 },
  )
})

test('text that can be read holds the same in an Allow and in a Deny', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('StringLike', 'StringNotLike', 'StringEqualsIgnoreCase'),
      fc.array(value),
      actual,
      (operator, values, given) => {
        const condition = conditionOf(operator, values)
        expect(conditionHolds(condition, 'Allow', factsOf(given))).toBe(
          conditionHolds(condition, 'Deny', factsOf(given)),
        )
      },
    ),
  )
})

test('what cannot be read never lets an Allow through and never stops a negated Deny', () => {
  const operators = ['Numeric', 'Date'].flatMap((family) =>
    ['Equals', 'NotEquals', 'LessThan', 'GreaterThanEquals'].map((order) => family + order),
  )
  const policyValue = (operator: string): string => (operator.startsWith('Date') ? '2026-11-21' : '5')
  fc.assert(
    fc.property(
      fc.constantFrom(...operators, 'IpAddress', 'NotIpAddress', 'ArnLike', 'ArnNotLike', 'Bool', 'BinaryEquals'),
      fc.string().map((text) => `?${text}`),
      (operator, text) => {
        const condition = conditionOf(operator, [policyValue(operator)])
        expect(conditionHolds(condition, 'Allow', factsOf(text))).toBe(false)
        expect(conditionHolds(condition, 'Deny', factsOf(text))).toBe(operator.includes('Not'))
      },
    ),
  )
})

test.each([
  ['StringEquals', false],
  ['StringNotEquals', true],
  ['StringEqualsIfExists', true],
  ['ForAllValues:StringEquals', true],
  ['ForAnyValue:StringNotEquals', false],
  ['ForAnyValue:StringEqualsIfExists', false],
])('%s on a missing key: %s', (operator, holds) => {
  expect(holdsWhenMissing(conditionOf(operator, ['a']))).toBe(holds)
})

test('a variable is resolved for every request anew', () => {
  const condition = conditionOf('StringEquals', ['${k:other}'])
  expect(conditionHolds(condition, 'Allow', factsOf('a', { 'k:other': 'a' }))).toBe(true)
  expect(conditionHolds(condition, 'Allow', factsOf('a', { 'k:other': 'b' }))).toBe(false)
  expect(conditionHolds(condition, 'Allow', factsOf('a'))).toBe(false)
})

test('a key that is given twice cannot be evaluated', () => {
  const facts = factsOf('a', { 'k:key': 'a' })
  expect(() => conditionHolds(conditionOf('StringEquals', ['a']), 'Allow', facts)).toThrow(EvaluationError)
  expect(() => conditionHolds(conditionOf('Null', ['true']), 'Deny', facts)).toThrow(
    'the request gives the condition key "k:key" twice',
  )
})
