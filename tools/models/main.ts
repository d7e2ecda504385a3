// Regenerates packages/wire's models and types: `node tools/models/main.ts` writes, `node tools/models/main.ts check` compares.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readBotocoreModels } from './botocore.ts'
import { generate } from './generate.ts'
import { compare } from './compare.ts'
import { BOTOCORE_VERSION, MODEL_SOURCES } from './services.ts'

const WIRE = resolve(dirname(fileURLToPath(import.meta.url)), '../../packages/wire')
const FOLDERS = ['models', 'src/types']

function committed(): ReadonlyMap<string, string> {
  const files = FOLDERS.flatMap((folder) => readdirSync(join(WIRE, folder)).map((name) => `${folder}/${name}`))
  return new Map(files.map((path) => [path, readFileSync(join(WIRE, path), 'utf8')]))
}

function write(files: ReadonlyMap<string, string>): void {
  for (const folder of FOLDERS) {
    rmSync(join(WIRE, folder), { recursive: true, force: true })
    mkdirSync(join(WIRE, folder), { recursive: true })
  }
  for (const [path, text] of files) writeFileSync(join(WIRE, path), text)
}

const [mode = 'write', ...rest] = process.argv.slice(2)
if ((mode !== 'write' && mode !== 'check') || rest.length > 0) {
  process.stderr.write('usage: node tools/models/main.ts [write|check]\n')
  process.exit(2)
}
const files = generate(
  `botocore ${BOTOCORE_VERSION}`,
  MODEL_SOURCES,
  readBotocoreModels(BOTOCORE_VERSION, MODEL_SOURCES),
)
if (mode === 'write') {
  write(files)
  process.stdout.write(`${String(files.size)} files written from botocore ${BOTOCORE_VERSION}\n`)
} else {
  const differences = compare(committed(), files)
  for (const difference of differences) process.stderr.write(`${difference}\n`)
  if (differences.length > 0) process.exit(1)
  process.stdout.write(`${String(files.size)} generated files are as botocore ${BOTOCORE_VERSION} makes them\n`)
}
