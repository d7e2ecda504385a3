import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Attack, attackText, attacksOn } from '../fuzz/patterns/attacks.ts'
import { stepCounter } from '../fuzz/patterns/step-counter.ts'
import { loadModel, SERVICE_IDS } from '../model/load.ts'
import { compilePattern } from './constraints.ts'
import { LINEAR_EQUIVALENTS } from './patterns.ts'

/** Lengths of attacks: where the steps at the longer are more than thrice those at the shorter, they grow faster than the text. */
const FIRST_LOOK = 48
const SHORT = 120
const LONG = 240
const MOST_STEPS = 300_000
/** Fewer steps a character are not looked at any closer. */
const CHEAP = 6
/** A machine may be busy. */
const PATIENCE_MILLIS = 60_000

const patterns = [
  ...new Set(
    SERVICE_IDS.flatMap((service) =>
      Object.values(loadModel(service).shapes).flatMap((shape) =>
        shape.type === 'string' && shape.pattern !== undefined ? [shape.pattern] : [],
      ),
    ),
  ),
]

/** An attack under which a pattern's steps grow faster than the text; `undefined`: none was found. */
function superLinear(expression: RegExp): Attack | undefined {
  const count = stepCounter(expression)
  return attacksOn(expression).find((attack) => {
    const text = attackText(attack, FIRST_LOOK)
    if (count(text, MOST_STEPS).steps < CHEAP * text.length) return false
    const [short, long] = [SHORT, LONG].map((length) => count(attackText(attack, length), MOST_STEPS).steps)
    return (long ?? 0) > 3 * (short ?? 0) || (short ?? 0) > MOST_STEPS
  })
}

/** Where nothing comes after a repetition but the end, and there is only one, there is nothing to go back for. */
const canGoBack = (pattern: string): boolean => (pattern.match(/[*+?}]/g) ?? []).length > 1

test.each(patterns.filter(canGoBack).map((pattern) => ({ pattern })))(
  'the steps of $pattern grow with the text',
  ({ pattern }) => {
    expect(superLinear(compilePattern(pattern))).toBeUndefined()
  },
  PATIENCE_MILLIS,
)

describe('the search', () => {
  test.each([...LINEAR_EQUIVALENTS.keys()].map((pattern) => ({ pattern })))('finds $pattern', ({ pattern }) => {
    expect(superLinear(new RegExp(`^(?:${pattern})$`))).toBeDefined()
  })

  test(
    'counts steps of a matcher that agrees with JavaScript',
    () => {
      const pieces = [
        'arn:aws',
        ':',
        '/',
        '-',
        '.',
        'a',
        'Z',
        '7',
        '123456789012',
        ' ',
        '\t',
        '\n',
        '_',
        '%',
        'é',
        's3://',
        'https://',
        '@',
      ]
      const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''))
      const counters = patterns.map((pattern) => {
        const expression = compilePattern(pattern)
        return { expression, count: stepCounter(expression) }
      })
      fc.assert(
        fc.property(fc.constantFrom(...counters), texts, ({ expression, count }, text) => {
          expect(count(text, MOST_STEPS).matches).toBe(expression.test(text))
        }),
        { seed: 43, numRuns: 4_000 },
      )
    },
    PATIENCE_MILLIS,
  )
})
