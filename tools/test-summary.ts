import { readFileSync } from 'node:fs'

/** What the JSON reporter writes, as far as it is read here. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[]
}

/** `12 passed, 0 failed`, from the file that vitest's JSON reporter wrote. */
export function summaryOf(file: string): string {
  const report = readReport(file)
  if (report === undefined) return 'The tests ended before a report of them was written.'
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = report
  // A file that could not even be loaded has no tests of its own; it counts as one that failed.
  const broken = testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.length === 0,
  ).length
  const skipped = numPendingTests === 0 ? '' : `, ${String(numPendingTests)} skipped`
  return `${String(numPassedTests)} passed, ${String(numFailedTests + broken)} failed${skipped}`
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return undefined
  }
}
