// Runs the tests and ends with the count as one plain line, which CI systems read.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTool } from './run.ts'
import { summaryOf } from './test-summary.ts'

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
process.stdout.write(`\n${summaryOf(report)}\n`)
rmSync(directory, { recursive: true, force: true })
process.exitCode = code
