import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileFilterPattern } from '#services/logs/patterns/evaluate.ts'

/** A few letters and signs, so that terms and messages often have something in common. */
const letters = fc.constantFrom('a', 'b', 'ab', 'é', '😀', '_', '1')
const signs = fc.constantFrom(' ', '"', '\\', '-', '?', '%', '[', '{')
const word = fc.array(letters, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''))
const phrase = fc.array(fc.oneof(letters, signs), { maxLength: 4 }).map((parts) => parts.join(''))
const message = fc.array(fc.oneof(letters, signs), { maxLength: 12 }).map((parts) => parts.join(''))

interface Written {
  readonly sign: '' | '-' | '?'
  readonly value: string
  readonly isPhrase: boolean
}

const written: fc.Arbitrary<Written> = fc.oneof(
  fc.record({
    sign: fc.constantFrom('', '-', '?'),
    value: fc.constantFrom('a', 'b', 'ab', '1', '_', 'é'),
    isPhrase: fc.constant(false),
  }),
  fc.record({
    sign: fc.constantFrom('', '-', '?'),
    value: word.filter((text) => !text.includes('😀')),
    isPhrase: fc.constant(false),
  }),
  fc.record({ sign: fc.constantFrom('', '-', '?'), value: phrase, isPhrase: fc.constant(true) }),
)
const pattern = fc.array(written, { minLength: 1, maxLength: 5 })

const spell = ({ sign, value, isPhrase }: Written): string =>
  isPhrase ? `${sign}"${value.replaceAll(/["\\]/g, '\\$&')}"` : `${sign}${value}`

/** The rule read off the documentation, one letter at a time. */
function reference(parts: readonly Written[], text: string): boolean {
  const [first] = parts
  if (parts.length === 1 && first?.sign === '' && first.isPhrase && first.value.trim() === '') return true
  const values = (sign: Written['sign']) => parts.filter((part) => part.sign === sign).map(({ value }) => value)
  const others = [...values(''), ...values('-')]
  if (!values('').every((value) => occursIn(text, value))) return false
  if (values('-').some((value) => occursIn(text, value))) return false
  return others.length > 0 || values('?').some((value) => occursIn(text, value))
}

function occursIn(text: string, value: string): boolean {
  const [all, wanted] = [Array.from(text), Array.from(value)]
  for (let start = 0; start + wanted.length <= all.length; start += 1) {
    if (wanted.every((letter, offset) => all[start + offset] === letter)) return true
  }
  return false
}

test('the evaluator answers as the rule says, for any pattern of terms', () => {
  fc.assert(
    fc.property(pattern, message, (parts, text) => {
      const matcher = compileFilterPattern(parts.map(spell).join(' '))
      expect(matcher.matches(text)).toBe(reference(parts, text))
    }),
    { numRuns: 2_000 },
  )
})

const contains = (text: string, { containing }: ReturnType<typeof compileFilterPattern>): boolean =>
  containing === undefined ||
  (containing.include.every((value) => text.includes(value)) &&
    !containing.exclude.some((value) => text.includes(value)) &&
    (containing.any.length === 0 || containing.any.some((value) => text.includes(value))))

const regex = fc.constantFrom('%a%', '-%b%', '?%a.b%', '%[0-9]%', '?%é|1%'.replace('é', 'ab'))

test('what the journal is asked for holds every event that matches, and an exact one holds no other', () => {
  fc.assert(
    fc.property(pattern, fc.option(regex), fc.array(message, { maxLength: 20 }), (parts, expression, messages) => {
      const text = [...parts.map(spell), ...(expression === null ? [] : [expression])].join(' ')
      const matcher = compileFilterPattern(text)
      const plain = messages.filter((each) => matcher.matches(each))
      const fetched = messages.filter((each) => contains(each, matcher))
      expect(fetched.filter((each) => matcher.matches(each))).toEqual(plain)
      if (matcher.exact) expect(fetched).toEqual(plain)
      if (expression === null && !parts.some(({ value }) => value === '')) expect(matcher.exact).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

const anySigns = fc.constantFrom('a', ' ', '"', '\\', '-', '?', '%', '[', ']', '{', '}', '(', '*', '1', '\ud800')
const jsonSigns = fc.constantFrom(
  '$.',
  '$',
  '.a',
  '[0]',
  '[*]',
  '*',
  "['",
  "']",
  ' = ',
  '!=',
  '<',
  '1',
  'e5',
  '"',
  '%',
  'a',
)
const moreSigns = fc.constantFrom('&&', '||', '(', ')', ' IS NULL', ' NOT EXISTS', ' ', ',', '...', '…', '\\', ']', '}')
const texts = fc.oneof(
  fc.string({ unit: anySigns }),
  fc.string({ unit: fc.oneof(jsonSigns, moreSigns) }).map((text) => `{${text}}`),
  fc.string({ unit: fc.oneof(jsonSigns, moreSigns) }).map((text) => `[${text}]`),
)

test('any text is either a pattern or refused in a sentence', () => {
  const count = { pattern: 0, refused: 0 }
  fc.assert(
    fc.property(texts, (text) => {
      try {
        const matcher = compileFilterPattern(text)
        for (const line of ['a1 "a"', '{"a":{"a":[1,null]}}', '[a 1 "a', '']) matcher.matches(line)
        count.pattern += 1
      } catch (error) {
        expect(error).toMatchObject({ code: 'InvalidParameterException', status: 400 })
        count.refused += 1
      }
    }),
    { numRuns: 6_000, seed: 11 },
  )
  expect(Math.min(count.pattern, count.refused)).toBeGreaterThan(200)
})

test.each([
  { pattern: '"[ERROR]" Exception', message: 'x [ERROR] InvalidQueryException', want: true },
  { pattern: 'error', message: 'ERROR', want: false },
  { pattern: 'ERROR -ARGUMENTS', message: '[ERROR] 400 INVALID ARGUMENTS', want: false },
  { pattern: '?ERROR ?400', message: 'status 400', want: true },
  { pattern: '?ERROR 400', message: 'status 400', want: true },
  { pattern: '?ERROR 400', message: 'ERROR', want: false },
  { pattern: '-INFO', message: 'WARN x', want: true },
  { pattern: '%4[0-9]{2}% -404', message: 'status 403', want: true },
  { pattern: '%4[0-9]{2}% -404', message: 'status 404', want: false },
  { pattern: '?%^x% ?b', message: 'a b', want: true },
])('$pattern on $message: $want', ({ pattern: text, message: line, want }) => {
  expect(compileFilterPattern(text).matches(line)).toBe(want)
})
