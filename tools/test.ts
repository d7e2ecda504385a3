// Runs the tests and ends with the count as one plain line, which CI systems read.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTool } from './run.ts'

/** What the JSON reporter writes, as far as it is read here. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[]
}

const [project, ...filters] = process.argv.slice(2)
const directory = mkdtempSync(join(tmpdir(), 'sluice-test-'))
const report = join(directory, 'report.json')
const projects = project === undefined || project === 'all' ? [] : ['--project', project]
const code = await runTool('vitest', [
  'run',
  ...projects,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...filters,
])
process.stdout.write(`\n${summary(report)}\n`)
rmSync(directory, { recursive: true, force: true })
process.exitCode = code

function summary(file: string): string {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
    readFileSync(file, 'utf8'),
  ) as Report
  // A file that could not even be loaded has no tests of its own; it counts as one that failed.
  const broken = testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.length === 0,
  ).length
  const skipped = numPendingTests === 0 ? '' : `, ${String(numPendingTests)} skipped`
  return `${String(numPassedTests)} passed, ${String(numFailedTests + broken)} failed${skipped}`
}
