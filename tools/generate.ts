// Regenerates what is made from something else: the wire models and types, its WebAssembly, and docs/coverage.md.
// `--check` writes nothing, names what is stale, and ends with code 1 then.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { coverage } from './built-operations/coverage.ts'
import { checkInstructions, writeInstructions } from './instructions/assemble.ts'
import { checkModels, writeModels } from './models/update.ts'
import { ROOT } from './run.ts'

const COVERAGE = 'docs/coverage.md'

/** Sentences about what is stale or cannot be told; none when all is as generated. */
async function check(): Promise<readonly string[]> {
  const faults = [...attempt(checkModels), ...(await checkInstructions())]
  const isCurrent = read(COVERAGE) === coverage()
  return isCurrent ? faults : [...faults, `${COVERAGE} is stale; run npm run generate`]
}

async function write(): Promise<readonly string[]> {
  const faults = attempt(() => {
    process.stdout.write(`packages/wire: ${writeModels()}\n`)
    return []
  })
  process.stdout.write(`${await writeInstructions()} written\n`)
  writeFileSync(join(ROOT, COVERAGE), coverage())
  process.stdout.write(`${COVERAGE} written\n`)
  return faults
}

function attempt(work: () => readonly string[]): readonly string[] {
  try {
    return work()
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch {
    return undefined
  }
}

const [flag, ...rest] = process.argv.slice(2)
if ((flag !== undefined && flag !== '--check') || rest.length > 0) {
  process.stderr.write('usage: npm run generate [-- --check]\n')
  process.exit(2)
}
const faults = await (flag === '--check' ? check() : write())
for (const fault of faults) process.stderr.write(`${fault}\n`)
if (faults.length > 0) process.exitCode = 1
