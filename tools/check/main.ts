// All structure checks, in one list; each prints what is wrong and the run fails when one does.
import { captureTool } from '../run.ts'
import { checkDocComments } from './doc-comments.ts'
import { checkInvariants } from './invariants.ts'
import { checkSizes } from './sizes.ts'
import { checkWords } from './words.ts'

interface Check {
  readonly name: string
  /** Sentences about what is wrong; none when all is well. */
  readonly run: () => readonly string[]
}

const tool = (name: string, args: readonly string[]) => (): readonly string[] => {
  const { code, output } = captureTool(name, args)
  return code === 0 ? [] : [output.trim()]
}

const CHECKS: readonly Check[] = [
  { name: 'types', run: tool('tsc', ['-p', 'tsconfig.json']) },
  { name: 'lint, layers and cycles', run: tool('oxlint', ['--deny-warnings', 'packages', 'tools', 'tests', 'bench']) },
  { name: 'format', run: tool('oxfmt', ['--check', '.']) },
  { name: 'dead code', run: tool('knip', ['--no-progress']) },
  { name: 'generated models', run: tool('node', ['tools/generate.ts', '--check']) },
  { name: 'file sizes and tests', run: checkSizes },
  { name: 'doc comments', run: checkDocComments },
  { name: 'words and hosts', run: checkWords },
  { name: 'invariants', run: checkInvariants },
]

let failed = 0
for (const { name, run } of CHECKS) {
  const faults = run()
  process.stdout.write(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name}\n`)
  for (const fault of faults) process.stdout.write(`${fault.replace(/^/gm, '     ')}\n`)
  failed += faults.length === 0 ? 0 : 1
}
process.exitCode = failed === 0 ? 0 : 1
