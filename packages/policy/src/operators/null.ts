import { plainText } from '../text/piece.ts'
import { readBoolean } from './bool.ts'
import { type Operator, unreadable } from './operator.ts'

/** Its test is asked with `true` when the key is absent and `false` when it is there. */
export const nullOperators: readonly Operator[] = [
  {
    name: 'Null',
    negated: false,
    variables: false,
    presence: true,
    prepare: (value) => {
      const expected = readBoolean(plainText(value))
      return expected === undefined ? unreadable : (absent) => (absent === 'true') === expected
    },
  },
]
