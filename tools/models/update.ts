import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run.ts'
import { readBotocoreModels } from './botocore.ts'
import { compare } from './compare.ts'
import { generate } from './generate.ts'
import { BOTOCORE_VERSION, MODEL_SOURCES } from './services.ts'

const WIRE = join(ROOT, 'packages', 'wire')
const FOLDERS = ['models', 'src/types']

/**
 * A sentence for every generated file that is not as its model makes it.
 * @throws Error in one sentence when the models cannot be fetched
 */
export const checkModels = (): readonly string[] => compare(committed(), generated())

/** Writes every generated file anew; says how many. */
export function writeModels(): string {
  const files = generated()
  for (const folder of FOLDERS) {
    rmSync(join(WIRE, folder), { recursive: true, force: true })
    mkdirSync(join(WIRE, folder), { recursive: true })
  }
  for (const [path, text] of files) writeFileSync(join(WIRE, path), text)
  return `${String(files.size)} files written from botocore ${BOTOCORE_VERSION}`
}

function generated(): ReadonlyMap<string, string> {
  const source = `botocore ${BOTOCORE_VERSION}`
  try {
    return generate(source, MODEL_SOURCES, readBotocoreModels(BOTOCORE_VERSION, MODEL_SOURCES))
  } catch (error) {
    const reason = error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error)
    throw new Error(
      `the AWS service models of ${source} could not be read, so nothing was compared or written; pip must reach a package index: ${reason}`,
      { cause: error },
    )
  }
}

function committed(): ReadonlyMap<string, string> {
  const files = FOLDERS.flatMap((folder) => readdirSync(join(WIRE, folder)).map((name) => `${folder}/${name}`))
  return new Map(files.map((path) => [path, readFileSync(join(WIRE, path), 'utf8')]))
}
