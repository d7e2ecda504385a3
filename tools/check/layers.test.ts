import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT, captureTool } from '../run.ts'

let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-layers-'))
  copyFileSync(join(ROOT, '.oxlintrc.json'), join(root, '.oxlintrc.json'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Lints a tree that holds just this file, under the repository's own rules. */
function lint(path: string, text: string): string {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  const { output } = captureTool('oxlint', ['--disable-nested-config', path], root)
  rmSync(file)
  return output
}

const importing = (specifier: string): string => `import { thing } from '${specifier}'\n\nthing()\n`

test.each([
  ['packages/server/src/kernel/planted.ts', '#stores/records/record-store.ts'],
  ['packages/server/src/stores/planted.ts', '#audit/audit.ts'],
  ['packages/server/src/audit/planted.ts', '#supervisor/x.ts'],
  ['packages/server/src/supervisor/planted.ts', '#engines/x.ts'],
  ['packages/server/src/engines/planted.ts', '#delivery/delivery.ts'],
  ['packages/server/src/delivery/planted.ts', '#services/logs/index.ts'],
  ['packages/server/src/services/logs/planted.ts', '#gateway/chain.ts'],
  ['packages/server/src/gateway/planted.ts', '../main.ts'],
  ['packages/server/src/services/logs/planted.ts', '../../gateway/chain.ts'],
  ['packages/wire/src/planted.ts', '@sluice/policy'],
  ['packages/policy/src/planted.ts', '@sluice/wire'],
])('a planted import from %s of %s is refused', (path, specifier) => {
  expect(lint(path, importing(specifier))).toContain('no-restricted-imports')
})

test('an import of a layer to the left is taken', () => {
  expect(lint('packages/server/src/gateway/planted.ts', importing('#services/logs/index.ts'))).not.toContain(
    'no-restricted-imports',
  )
})
