import type { Piece } from '../text/piece.ts'

/** How a value of the request compares with a value of the policy; `undefined` when one of them cannot be read. */
type Comparison = boolean | undefined

/** One prepared policy value. */
export type ValueTest = (actual: string) => Comparison

/** A condition operator without its set prefix and `IfExists`. */
export interface Operator {
  /** As policies write it, e.g. `StringNotLike`. */
  readonly name: string
  /** Holds when none of the values compares. */
  readonly negated: boolean
  /** Whether policy variables are replaced in its values. */
  readonly variables: boolean
  /** Compares whether the key is there instead of its value. */
  readonly presence: boolean
  /** Prepares a policy value once, so that comparing is cheap. */
  readonly prepare: (value: readonly Piece[]) => ValueTest
}

/** A test for policy values that cannot be read. */
export const unreadable: ValueTest = () => undefined

/** An operator and the one that negates it. */
export function withNegation(
  positive: string,
  negative: string,
  prepare: Operator['prepare'],
  variables: boolean,
): readonly Operator[] {
  return [
    { name: positive, negated: false, variables, presence: false, prepare },
    { name: negative, negated: true, variables, presence: false, prepare },
  ]
}
