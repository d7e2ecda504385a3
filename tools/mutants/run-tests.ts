import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestRun } from './mutant.ts'

/** What became of a run of tests. */
export interface TestResult {
  readonly passed: number
  readonly failed: number
  /** Whether vitest itself ended well. */
  readonly ok: boolean
  /** The end of what it printed. */
  readonly output: string
}

/** Longest run; a mutant may make a test wait for ever. */
const PATIENCE_MILLIS = 180_000
const KEPT_OUTPUT = 4_000

/** Runs tests in a copy of the tree; with `bail` it stops at the first that fails. */
export async function runTests(
  root: string,
  { project, files, named }: TestRun,
  options: { readonly bail: boolean },
): Promise<TestResult> {
  const report = join(root, 'mutant-report.json')
  rmSync(report, { force: true })
  const args = ['run', '--project', project, '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`]
  const only =
    named === undefined ? [] : ['--testNamePattern', named.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)]
  const { code, output } = await runVitest(root, [...args, ...only, ...(options.bail ? ['--bail=1'] : []), ...files])
  return { ...readCounts(report), ok: code === 0, output }
}

async function runVitest(
  root: string,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  // A group of its own, so that children which a cut run leaves behind end with it.
  const child = spawn(process.execPath, [vitest, ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  })
  let output = ''
  const hear = (chunk: Buffer): void => {
    output = `${output}${chunk.toString()}`.slice(-KEPT_OUTPUT)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const patience = setTimeout(() => endGroup(child.pid), PATIENCE_MILLIS)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  clearTimeout(patience)
  return { code, output }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function readCounts(report: string): Pick<TestResult, 'passed' | 'failed'> {
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8')) as {
      readonly numPassedTests: number
      readonly numFailedTests: number
    }
    return { passed: counts.numPassedTests, failed: counts.numFailedTests }
  } catch {
    return { passed: 0, failed: 0 }
  }
}
