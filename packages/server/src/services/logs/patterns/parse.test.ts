import { expect, test } from 'vitest'
import { parseFilterPattern, regexesIn } from '#services/logs/patterns/parse.ts'

const text = (value: string) => ({ kind: 'text', text: value })
const terms = (include: readonly string[], exclude: readonly string[] = [], any: readonly string[] = []) => ({
  kind: 'terms',
  include: include.map(text),
  exclude: exclude.map(text),
  any: any.map(text),
})

test.each(['', ' ', '\t \n', '""', '" "', '  ""  '])('%j selects everything', (pattern) => {
  expect(parseFilterPattern(pattern)).toEqual({ kind: 'everything' })
})

test.each([
  { pattern: 'ERROR', want: terms(['ERROR']) },
  { pattern: '  ERROR   Exception ', want: terms(['ERROR', 'Exception']) },
  { pattern: '"[ERROR]" Exception', want: terms(['[ERROR]', 'Exception']) },
  { pattern: 'a -b -"c d"', want: terms(['a'], ['b', 'c d']) },
  { pattern: '-only', want: terms([], ['only']) },
  { pattern: '?a ?"b c"', want: terms([], [], ['a', 'b c']) },
  { pattern: '?ignored plain', want: terms(['plain']) },
  { pattern: '?ignored -minus', want: terms([], ['minus']) },
  { pattern: 'under_score 404', want: terms(['under_score', '404']) },
  { pattern: '接続 エラー', want: terms(['接続', 'エラー']) },
  { pattern: '"say \\"hi\\""', want: terms(['say "hi"']) },
  { pattern: '"a\\\\b"', want: terms(['a\\b']) },
  { pattern: '"C:\\temp"', want: terms(['C:\\temp']) },
  { pattern: '" ERROR "', want: terms([' ERROR ']) },
  { pattern: '"" x', want: terms(['', 'x']) },
  { pattern: '"{ $.a = 1 }"', want: terms(['{ $.a = 1 }']) },
])('$pattern is read as its terms', ({ pattern, want }) => {
  expect(parseFilterPattern(pattern)).toEqual(want)
})

test.each([
  { pattern: '?', message: "Invalid character(s) in term '?'" },
  { pattern: '-', message: "Invalid character(s) in term '-'" },
  { pattern: 'foo-bar', message: "Invalid character(s) in term 'foo-bar'" },
  { pattern: 'ok ?a.b', message: "Invalid character(s) in term '?a.b'" },
  { pattern: '--x', message: "Invalid character(s) in term '--x'" },
  { pattern: 'a"b"', message: `Invalid character(s) in term 'a"b"'` },
  { pattern: '"open', message: 'Invalid filter pattern' },
  { pattern: '"open\\"', message: 'Invalid filter pattern' },
  { pattern: '"a"b', message: 'Invalid filter pattern' },
  { pattern: '%open', message: 'Invalid filter pattern' },
  { pattern: '%a%b', message: 'Invalid filter pattern' },
  { pattern: '%(a)%', message: 'Invalid filter pattern' },
  { pattern: '{ $.a = 1', message: "If a filter pattern starts with '{' it must end with '}'" },
  { pattern: '[a, b', message: 'Invalid filter pattern' },
])('$pattern is refused in the words of AWS', ({ pattern, message }) => {
  expect(() => parseFilterPattern(pattern)).toThrow(
    expect.objectContaining({ code: 'InvalidParameterException', status: 400, message }),
  )
})

test.each([
  { pattern: '{ $.level = "ERROR" }', kind: 'json' },
  { pattern: ' {$.a=1} ', kind: 'json' },
  { pattern: '[ip, user, ...]', kind: 'delimited' },
  { pattern: '[]', kind: 'delimited' },
  { pattern: '"[ip]"', kind: 'terms' },
])('the first sign of $pattern makes it $kind', ({ pattern, kind }) => {
  expect(parseFilterPattern(pattern).kind).toBe(kind)
})

test('what is no metric filter pattern is refused in its own words', () => {
  const refused = (pattern: string) => () => parseFilterPattern(pattern, 'metric')
  expect(refused('{ $.a }')).toThrow(expect.objectContaining({ message: 'Invalid metric filter pattern' }))
  expect(refused('[a, b')).toThrow(expect.objectContaining({ message: 'Invalid metric filter pattern' }))
  expect(refused('{ $.a = 1')).toThrow("If a filter pattern starts with '{' it must end with '}'")
  expect(refused('foo-bar')).toThrow("Invalid character(s) in term 'foo-bar'")
})

test.each([
  { two: '%a% -%b%', three: '%a% %b% %c%' },
  { two: '{ $.a = %a% || $.b != %b% }', three: '{ $.a = %a% || $.b != %b% && $.c = %c% }' },
  { two: '[a=%a%, b=%b%]', three: '[a=%a% || a=%b%, ..., b=%c%]' },
])('a pattern has at most two regular expressions: $three', ({ two, three }) => {
  expect(regexesIn(parseFilterPattern(two))).toBe(2)
  expect(() => parseFilterPattern(three)).toThrow(/at most 2 regular expressions/)
})

test('a pattern of more than 1,024 characters is refused', () => {
  expect(parseFilterPattern('a'.repeat(1_024))).toEqual(terms(['a'.repeat(1_024)]))
  expect(() => parseFilterPattern('a'.repeat(1_025))).toThrow(/less than or equal to 1024/)
})

test('half a character in a pattern is read as it would be stored in a message', () => {
  expect(parseFilterPattern('"\ud83d"')).toEqual(terms(['\ufffd']))
})
