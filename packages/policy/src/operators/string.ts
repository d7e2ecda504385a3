import { compileGlobPieces, matchGlob } from '../text/glob.ts'
import { plainText } from '../text/piece.ts'
import { type Operator, withNegation } from './operator.ts'

const equals: Operator['prepare'] = (value) => {
  const expected = plainText(value)
  return (actual) => actual === expected
}

const equalsIgnoreCase: Operator['prepare'] = (value) => {
  const expected = plainText(value).toLowerCase()
  return (actual) => actual.toLowerCase() === expected
}

const like: Operator['prepare'] = (value) => {
  const glob = compileGlobPieces(value)
  return (actual) => matchGlob(glob, actual)
}

/** Text; wildcards only in the Like forms. */
export const stringOperators: readonly Operator[] = [
  ...withNegation('StringEquals', 'StringNotEquals', equals, true),
  ...withNegation('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalsIgnoreCase, true),
  ...withNegation('StringLike', 'StringNotLike', like, true),
]
