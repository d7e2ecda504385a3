import fc from 'fast-check'
import { expect, test } from 'vitest'
import { patternRegex } from '#services/logs/patterns/regex.ts'

test.each([
  { body: '40[1-3]', message: 'status=403', want: true },
  { body: '40[1-3]', message: 'status=404', want: false },
  { body: '^ERROR', message: 'ERROR here', want: true },
  { body: '^ERROR', message: 'an ERROR', want: false },
  { body: 'end$', message: 'the end', want: true },
  { body: 'gra|ey', message: 'gray', want: true },
  { body: 'gra|ey', message: 'grey', want: true },
  { body: '\\d{3}\\s\\w+', message: 'code 404 Not', want: true },
  { body: 'a{,2}b', message: 'b', want: true },
  { body: '^a{,2}$', message: 'aaa', want: false },
  { body: '^a{2,}$', message: 'aaaa', want: true },
  { body: '^a{2,}$', message: 'a', want: false },
  { body: '^a{,}$', message: '', want: true },
  { body: '\\x41\\x42', message: 'AB', want: true },
  { body: 'a\\.b', message: 'axb', want: false },
  { body: '\\(x\\)', message: 'f(x)', want: true },
  { body: '[^a-z ]', message: 'abc d', want: false },
  { body: '[^a-z ]', message: 'abc D', want: true },
  { body: '[\\]\\d]', message: ']', want: true },
  { body: 'a b', message: 'a b', want: true },
  { body: 'key=[A-Z]+;', message: 'key=ABC;', want: true },
])('%$body% on $message: $want', ({ body, message, want }) => {
  expect(patternRegex(body)?.regex.test(message)).toBe(want)
})

test.each([
  '',
  '(a)',
  'a!',
  'é',
  '\\',
  '\\p{L}',
  '\\b',
  '\\1',
  '\\xZZ',
  '[]',
  '[a',
  '[[:alpha:]]',
  'a]',
  'a}',
  'a{}',
  'a{2',
  'a{3,2}',
  '*a',
  'a**',
  '[z-a]',
  '"a"',
])('%j is not of the subset', (body) => {
  expect(patternRegex(body)).toBeUndefined()
})

test.each([
  { body: 'ORDERS[.]9[0-9] message [0-9]+ lost', want: ['message', 'ORDERS', 'lost'] },
  { body: 'connection\\.refused', want: ['connection.refused'] },
  { body: 'abc?d', want: ['ab'] },
  { body: 'abc*', want: ['ab'] },
  { body: 'abc{,3}de', want: ['ab', 'de'] },
  { body: 'abc{2}de', want: ['abc', 'de'] },
  { body: 'abc+de', want: ['abc', 'de'] },
  { body: 'abc+?de', want: ['abc', 'de'] },
  { body: '^abc$', want: ['abc'] },
  { body: 'abc|de', want: [] },
  { body: 'a.b', want: [] },
  { body: '\\x41\\x42', want: [] },
  { body: 'aa.bb.ccc.dd.ee', want: ['ccc', 'aa', 'bb', 'dd'] },
])('what %$body% is found in contains $want', ({ body, want }) => {
  expect(patternRegex(body)?.literals).toEqual(want)
})

const piece = fc.constantFrom('a', 'b', 'ab', 'ba', '.', '[ab]', '\\.', '\\w', '^', '$', '|')
const times = fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{0,1}', '{,2}', '{1,}', '*?', '+?', '??', '{0}?')
const expression = fc
  .array(fc.tuple(piece, times), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.map((part) => part.join('')).join(''))

test('an expression is found in no text without its literals', () => {
  const seen = { found: 0, literals: 0 }
  fc.assert(
    fc.property(expression, fc.string({ unit: fc.constantFrom('a', 'b', '.') }), (body, text) => {
      const compiled = patternRegex(body)
      if (compiled?.regex.test(text) !== true) return
      seen.found += 1
      seen.literals += compiled.literals.length
      for (const literal of compiled.literals) expect(text).toContain(literal)
    }),
    { numRuns: 6_000, seed: 7 },
  )
  expect(Math.min(seen.found, seen.literals)).toBeGreaterThan(100)
})

test('the repetitions of an expression are bounded together', () => {
  expect(patternRegex('a{64}b{64}')).toBeDefined()
  expect(patternRegex('a{64}b{65}')).toBeUndefined()
  expect(patternRegex('a{1,129}')).toBeUndefined()
  expect(patternRegex('a{129,}')).toBeUndefined()
})

test('an expression that makes others backtrack takes no longer on a longer message than in proportion', () => {
  const regex = patternRegex('a*a*a*a*a*a*a*a*a*a*[bc]')?.regex
  const steps = (length: number): number => {
    const message = `${'a'.repeat(length)}d`
    const start = performance.now()
    for (let i = 0; i < 20; i += 1) expect(regex?.test(message)).toBe(false)
    return performance.now() - start
  }
  steps(2_000)
  // Backtracking would need some 10^20 steps here; the test would not end.
  expect(steps(20_000)).toBeLessThan(10_000)
})
