// Takes one gate, check or sync away at a time and demands that a test fails. `npm run test:mutants -- words` runs those
// whose name or file contains the words.
import { copyTree } from './copy-tree.ts'
import { judge, unfitRuns } from './judge.ts'
import { MUTANTS } from './list.ts'
import { verdictLine } from './mutant.ts'

const words = process.argv.slice(2).join(' ')
const mutants = MUTANTS.filter(({ name, file }) => name.includes(words) || file.includes(words))
if (mutants.length === 0) {
  process.stderr.write(
    `no mutant has "${words}" in its name or file; the mutants are:\n${MUTANTS.map(({ name }) => `  ${name}\n`).join('')}`,
  )
  process.exit(2)
}

const tree = copyTree()
const clean = (): void => tree.remove()
process.once('exit', clean)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
say(`${String(mutants.length)} mutants; first the tests as they are`)
const unfit = await unfitRuns(tree.path, mutants)
for (const fault of unfit) say(fault)
if (unfit.length > 0) process.exit(1)

let killed = 0
for (const mutant of mutants) {
  const verdict = await judge(tree.path, mutant)
  if (verdict.kind === 'killed') killed += 1
  say(verdictLine(mutant.name, verdict))
}
say(`${String(killed)} of ${String(mutants.length)} killed`)
process.exitCode = killed === mutants.length ? 0 : 1
