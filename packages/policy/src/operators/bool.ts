import { plainText } from '../text/piece.ts'
import { type Operator, unreadable } from './operator.ts'

/** `true` and `false` in any case. */
export function readBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : undefined
}

const prepare: Operator['prepare'] = (value) => {
  const expected = readBoolean(plainText(value))
  if (expected === undefined) return unreadable
  return (actual) => {
    const boolean = readBoolean(actual)
    return boolean === undefined ? undefined : boolean === expected
  }
}

export const boolOperators: readonly Operator[] = [
  { name: 'Bool', negated: false, variables: true, presence: false, prepare },
]
