import { plainText } from '../text/piece.ts'
import { type Operator, unreadable } from './operator.ts'

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** The bytes that base64 text stands for, a character a byte. */
function readBytes(text: string): string | undefined {
  return text.length % 4 === 0 && BASE64.test(text) ? atob(text) : undefined
}

const prepare: Operator['prepare'] = (value) => {
  const expected = readBytes(plainText(value))
  if (expected === undefined) return unreadable
  return (actual) => {
    const bytes = readBytes(actual)
    return bytes === undefined ? undefined : bytes === expected
  }
}

export const binaryOperators: readonly Operator[] = [
  { name: 'BinaryEquals', negated: false, variables: false, presence: false, prepare },
]
