import { expect, test } from 'vitest'
import { compilePatternRegex } from '#services/logs/patterns/regex.ts'

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
  expect(compilePatternRegex(body)?.test(message)).toBe(want)
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
  expect(compilePatternRegex(body)).toBeUndefined()
})

test('the repetitions of an expression are bounded together', () => {
  expect(compilePatternRegex('a{64}b{64}')).toBeDefined()
  expect(compilePatternRegex('a{64}b{65}')).toBeUndefined()
  expect(compilePatternRegex('a{1,129}')).toBeUndefined()
  expect(compilePatternRegex('a{129,}')).toBeUndefined()
})

test('an expression that makes others backtrack takes no longer on a longer message than in proportion', () => {
  const regex = compilePatternRegex('a*a*a*a*a*a*a*a*a*a*[bc]')
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
