import { expect, test } from 'vitest'
import { findOperator, operatorNames } from './list.ts'

test('has every operator of the policy language', () => {
  const ordered = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals']
  expect([...operatorNames()].toSorted()).toEqual(
    [
      ...[
        'StringEquals',
        'StringNotEquals',
        'StringEqualsIgnoreCase',
        'StringNotEqualsIgnoreCase',
        'StringLike',
        'StringNotLike',
      ],
      ...ordered.map((order) => `Numeric${order}`),
      ...ordered.map((order) => `Date${order}`),
      ...[
        'Bool',
        'BinaryEquals',
        'IpAddress',
        'NotIpAddress',
        'ArnEquals',
        'ArnNotEquals',
        'ArnLike',
        'ArnNotLike',
        'Null',
      ],
    ].toSorted(),
  )
})

test.each(['', 'ForAllValues:', 'ForAnyValue:'])(
  'every operator may start with %j, and all but Null end in IfExists',
  (prefix) => {
    for (const name of operatorNames()) {
      expect(findOperator(prefix + name)?.operator.name).toBe(name)
      expect(findOperator(`${prefix}${name}IfExists`)?.ifExists).toBe(name === 'Null' ? undefined : true)
    }
  },
)

test('an operator is negated exactly when its name says Not', () => {
  for (const name of operatorNames()) expect(findOperator(name)?.operator.negated).toBe(name.includes('Not'))
})

test.each([
  '',
  'Equals',
  'stringEquals',
  'ForAllValues:',
  'ForAllValues',
  'ForAnyValue:ForAllValues:StringEquals',
  'IfExists',
  'StringEqualsIfExistsIfExists',
  'constructor',
])('%j is no operator', (written) => {
  expect(findOperator(written)).toBeUndefined()
})
