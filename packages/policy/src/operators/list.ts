import { arnOperators } from './arn.ts'
import { binaryOperators } from './binary.ts'
import { boolOperators } from './bool.ts'
import { dateOperators } from './date.ts'
import { ipAddressOperators } from './ip-address.ts'
import { nullOperators } from './null.ts'
import { numericOperators } from './numeric.ts'
import type { Operator } from './operator.ts'
import { stringOperators } from './string.ts'

/** Every operator; one line adds a family. */
const OPERATORS: readonly Operator[] = [
  ...stringOperators,
  ...numericOperators,
  ...dateOperators,
  ...boolOperators,
  ...binaryOperators,
  ...ipAddressOperators,
  ...arnOperators,
  ...nullOperators,
]

const BY_NAME: ReadonlyMap<string, Operator> = new Map(OPERATORS.map((operator) => [operator.name, operator]))

/** How the values of a key are taken: as one value, all of them, or any of them. */
export type Quantifier = 'one' | 'all' | 'any'

/** An operator as one condition uses it. */
export interface OperatorUse {
  readonly operator: Operator
  readonly quantifier: Quantifier
  readonly ifExists: boolean
}

const PREFIXES: readonly (readonly [prefix: string, quantifier: Quantifier])[] = [
  ['ForAllValues:', 'all'],
  ['ForAnyValue:', 'any'],
]
const IF_EXISTS = 'IfExists'

/** Reads an operator as policies write it, e.g. `ForAnyValue:StringLikeIfExists`. `undefined`: there is none such. */
export function findOperator(written: string): OperatorUse | undefined {
  const prefix = PREFIXES.find(([text]) => written.startsWith(text))
  const unprefixed = prefix === undefined ? written : written.slice(prefix[0].length)
  const ifExists = unprefixed.endsWith(IF_EXISTS)
  const operator = BY_NAME.get(ifExists ? unprefixed.slice(0, -IF_EXISTS.length) : unprefixed)
  if (operator === undefined || (ifExists && operator.presence)) return undefined
  return { operator, quantifier: prefix?.[1] ?? 'one', ifExists }
}

/** The names of all operators, without set prefixes and `IfExists`. */
export const operatorNames = (): readonly string[] => OPERATORS.map((operator) => operator.name)
