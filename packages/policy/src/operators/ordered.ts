import { plainText } from '../text/piece.ts'
import { type Operator, unreadable } from './operator.ts'

/** Reads a value that has an order. `undefined`: it is none. */
export type ReadOrdered = (text: string) => number | undefined

type Order = (actual: number, expected: number) => boolean

const ORDERS: readonly (readonly [suffix: string, negated: boolean, order: Order])[] = [
  ['Equals', false, (actual, expected) => actual === expected],
  ['NotEquals', true, (actual, expected) => actual === expected],
  ['LessThan', false, (actual, expected) => actual < expected],
  ['LessThanEquals', false, (actual, expected) => actual <= expected],
  ['GreaterThan', false, (actual, expected) => actual > expected],
  ['GreaterThanEquals', false, (actual, expected) => actual >= expected],
]

/** The six operators of a type whose values have an order. */
export const orderedOperators = (family: string, read: ReadOrdered): readonly Operator[] =>
  ORDERS.map(([suffix, negated, order]) => ({
    name: family + suffix,
    negated,
    variables: false,
    presence: false,
    prepare: (value) => {
      const expected = read(plainText(value))
      if (expected === undefined) return unreadable
      return (actual) => {
        const number = read(actual)
        return number === undefined ? undefined : order(number, expected)
      }
    },
  }))
