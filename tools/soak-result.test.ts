import { expect, test } from 'vitest'
import { withResult } from './soak-result.ts'

const result = {
  date: '2026-11-21',
  commit: 'abc1234',
  machine: 'linux x64, 2 cores, Node v26.10.0',
  rounds: 100,
  parts: [
    { what: 'records', passed: true, seconds: 71.4 },
    { what: 'journal', passed: false, seconds: 12 },
  ],
}
const LINE =
  '| 2026-11-21 | abc1234 | linux x64, 2 cores, Node v26.10.0 | 100 | records: passed in 71 s; journal: **FAILED** in 12 s |\n'

test('the first result begins the page', () => {
  const text = withResult(undefined, result)
  expect(text.startsWith('# Soak runs\n')).toBe(true)
  expect(text.endsWith(`|---|---|---|---|---|\n${LINE}`)).toBe(true)
})

test('a further result is added at the end and changes nothing before it, failed or not', () => {
  const first = withResult(undefined, result)
  expect(withResult(first, { ...result, commit: 'def5678+' })).toBe(first + LINE.replace('abc1234', 'def5678+'))
})
