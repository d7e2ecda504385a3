import type { Operator } from './operator.ts'
import { orderedOperators } from './ordered.ts'

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/

/** An integer or a decimal number. */
function readNumber(text: string): number | undefined {
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

export const numericOperators: readonly Operator[] = orderedOperators('Numeric', readNumber)
