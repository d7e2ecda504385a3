import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import wabt from 'wabt'
import { ROOT } from '../run.ts'

/** Every WebAssembly text of the repository; beside each lies the module made of it. */
const SOURCES = [
  'packages/server/src/services/logs/patterns/finder/find.wat',
  'packages/wire/src/json/scan.wat',
  'packages/wire/src/payload/fold.wat',
  'packages/wire/src/payload/lanes.wat',
]

/**
 * A sentence for every module that is not what its text makes.
 * @throws Error when a text is not WebAssembly
 */
export async function checkInstructions(): Promise<readonly string[]> {
  const made = await assemble()
  return made
    .filter(({ target, text }) => readFileSync(join(ROOT, target), 'utf8') !== text)
    .map(({ target }) => `${target} is stale; run npm run generate`)
}

/** Writes every module anew; says which. */
export async function writeInstructions(): Promise<string> {
  const made = await assemble()
  for (const { target, text } of made) writeFileSync(join(ROOT, target), text)
  return made.map(({ target }) => target).join(', ')
}

async function assemble(): Promise<readonly { readonly target: string; readonly text: string }[]> {
  const tool = await wabt()
  return SOURCES.map((source) => {
    const module = tool.parseWat(source, readFileSync(join(ROOT, source), 'utf8'), { simd: true })
    const code = Buffer.from(module.toBinary({}).buffer).toString('base64')
    module.destroy()
    return { target: source.replace(/\.wat$/, '.wasm.ts'), text: moduleText(basename(source), code) }
  })
}

const moduleText = (
  source: string,
  code: string,
): string => `// Made of ${source} by \`npm run generate\`; not edited by hand.
export const ${source.replace(/\.wat$/, '').toUpperCase()}_WASM =
  '${code}'
`
