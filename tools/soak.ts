// Runs the crash tests for many rounds and keeps the result as a line of docs/soak.md. `npm run soak -- 500` runs 500.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { ROOT, runTool } from './run.ts'
import { type SoakPart, withResult } from './soak-result.ts'

const RESULTS = join(ROOT, 'docs', 'soak.md')
const STANDARD_ROUNDS = 100

const SUITES = [
  { what: 'records', project: 'slow', file: 'packages/server/src/stores/records/sqlite/crash.slow.test.ts' },
  { what: 'journal', project: 'slow', file: 'packages/server/src/stores/journals/log-events/crash.slow.test.ts' },
  { what: 'platform with a broker', project: 'e2e', file: 'tests/e2e/crash.test.ts' },
] as const

async function soak(suite: (typeof SUITES)[number], rounds: number): Promise<SoakPart> {
  process.stdout.write(`\n${suite.what}: ${String(rounds)} rounds\n`)
  const started = performance.now()
  const code = await runTool('vitest', ['run', '--project', suite.project, suite.file], { SOAK_ROUNDS: String(rounds) })
  return { what: suite.what, passed: code === 0, seconds: (performance.now() - started) / 1_000 }
}

const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()

function commit(): string {
  const changed = git('status', '--porcelain') !== ''
  return `${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''}`
}

function readResults(): string | undefined {
  try {
    return readFileSync(RESULTS, 'utf8')
  } catch {
    return undefined
  }
}

const [asked = String(STANDARD_ROUNDS), ...rest] = process.argv.slice(2)
const rounds = Number(asked)
if (!/^\d{1,6}$/.test(asked) || rounds < 1 || rounds > 100_000 || rest.length > 0) {
  process.stderr.write('usage: npm run soak [-- <rounds>], with rounds from 1 to 100000\n')
  process.exit(2)
}
const parts: SoakPart[] = []
for (const suite of SUITES) parts.push(await soak(suite, rounds))
const machine = `${process.platform} ${process.arch}, ${String(availableParallelism())} cores, Node ${process.version}`
const result = { date: new Date().toISOString().slice(0, 10), commit: commit(), machine, rounds, parts }
writeFileSync(RESULTS, withResult(readResults(), result))
process.stdout.write('The result is the last line of docs/soak.md.\n')
process.exitCode = parts.every(({ passed }) => passed) ? 0 : 1
