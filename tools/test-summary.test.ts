import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { summaryOf } from './test-summary.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'summary-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function summarised(report: object): string {
  const file = join(directory, 'report.json')
  writeFileSync(
    file,
    JSON.stringify({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, testResults: [], ...report }),
  )
  return summaryOf(file)
}

test('the count is one plain line', () => {
  expect(summarised({})).toBe('3 passed, 0 failed')
  expect(summarised({ numFailedTests: 2 })).toBe('3 passed, 2 failed')
})

test('skipped tests are told, for there should be none', () => {
  expect(summarised({ numPendingTests: 1 })).toBe('3 passed, 0 failed, 1 skipped')
})

test('a file that could not be loaded counts as a failure, though no test of it ran', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{}] },
    { status: 'passed', assertionResults: [{}] },
  ]
  expect(summarised({ numFailedTests: 1, testResults })).toBe('3 passed, 2 failed')
})

test('without a report it says so instead of counting nothing', () => {
  expect(summaryOf(join(directory, 'none.json'))).toBe('The tests ended before a report of them was written.')
})
