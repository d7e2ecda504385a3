import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Mutant, type TestRun, type Verdict, mutated } from './mutant.ts'
import { runTests } from './run-tests.ts'

/** Makes one file of the copy wrong, runs the tests, and puts the file right again. */
export async function judge(root: string, mutant: Mutant): Promise<Verdict> {
  const path = join(root, mutant.file)
  const original = readText(path)
  const wrong = mutated(original, mutant)
  if (typeof wrong === 'number') return { kind: 'gone', found: wrong }
  writeFileSync(path, wrong)
  try {
    const { failed, ok, output } = await runTests(root, mutant.tests, { bail: true })
    if (failed > 0) return { kind: 'killed', failed }
    return ok ? { kind: 'survived' } : { kind: 'broken', output }
  } finally {
    writeFileSync(path, original)
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** A sentence for each run of tests that does not pass as the tree is, or that finds no test: a mutant could not tell then. */
export async function unfitRuns(root: string, mutants: readonly Mutant[]): Promise<readonly string[]> {
  const runs = new Map<string, TestRun>(
    mutants.map(({ tests }) => [[tests.project, ...tests.files, tests.named].join(' '), tests]),
  )
  const unfit: string[] = []
  for (const [name, run] of runs) {
    const { passed, ok, output } = await runTests(root, run, { bail: false })
    if (passed === 0) unfit.push(`${name}: there is no test that passes\n${output}`)
    else if (!ok) unfit.push(`${name}: fails without any mutant\n${output}`)
  }
  return unfit
}
