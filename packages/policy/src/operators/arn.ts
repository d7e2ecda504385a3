import { compileArn, matchArn, splitArn } from '../text/arn.ts'
import { type Operator, unreadable, withNegation } from './operator.ts'

const prepare: Operator['prepare'] = (value) => {
  const matcher = compileArn(value)
  if (matcher.kind === 'never') return unreadable
  if (matcher.kind === 'any') return () => true
  return (actual) => {
    const arn = splitArn(actual)
    return arn === undefined ? undefined : matchArn(matcher, arn)
  }
}

/** ARNs, part by part; Equals and Like are the same thing. */
export const arnOperators: readonly Operator[] = [
  ...withNegation('ArnEquals', 'ArnNotEquals', prepare, true),
  ...withNegation('ArnLike', 'ArnNotLike', prepare, true),
]
