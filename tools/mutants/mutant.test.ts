import { expect, test } from 'vitest'
import { mutated, verdictLine } from './mutant.ts'

test('the one place is replaced, dollars and all', () => {
  expect(mutated('a b c', { find: 'b', replace: '$& $1' })).toBe('a $& $1 c')
  expect(mutated('a b c', { find: ' b', replace: '' })).toBe('a c')
})

test('a text that is gone, or there more than once, is no mutant', () => {
  expect(mutated('a b c', { find: 'x', replace: '' })).toBe(0)
  expect(mutated('a b b', { find: 'b', replace: '' })).toBe(2)
})

test('every verdict is a line that says what to do', () => {
  expect(verdictLine('gate', { kind: 'killed', failed: 2 })).toBe('killed    gate (2 failed)')
  expect(verdictLine('gate', { kind: 'survived' })).toBe('SURVIVED  gate: no test fails without it')
  expect(verdictLine('gate', { kind: 'gone', found: 0 })).toContain('GONE      gate: its text is in the file 0 times')
  expect(verdictLine('gate', { kind: 'broken', output: 'why' })).toContain(
    'BROKEN    gate: no test ran to its end\nwhy',
  )
})
