import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '../run.ts'
import { judge, unfitRuns } from './judge.ts'
import type { Mutant } from './mutant.ts'

let root: string

/** A tree of one source file and two test files, one of which cannot tell. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-judge-'))
  mkdirSync(join(root, 'node_modules'))
  symlinkSync(join(ROOT, 'node_modules', 'vitest'), join(root, 'node_modules', 'vitest'))
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(root, 'vitest.config.ts'),
    "export default { test: { projects: [{ test: { name: 'unit', include: ['*.test.ts'] } }] } }\n",
  )
  writeFileSync(join(root, 'gate.ts'), 'export const mayEnter = (age: number): boolean => age >= 18\n')
  const imports = "import { expect, test } from 'vitest'\nimport { mayEnter } from './gate.ts'\n"
  writeFileSync(
    join(root, 'good.test.ts'),
    `${imports}test('a child may not', () => expect(mayEnter(7)).toBe(false))\n`,
  )
  writeFileSync(join(root, 'idle.test.ts'), `${imports}test('a man may', () => expect(mayEnter(40)).toBe(true))\n`)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const mutant = (file: string, replace: string, find = 'age >= 18'): Mutant => ({
  name: 'gate',
  file: 'gate.ts',
  find,
  replace,
  tests: { project: 'unit', files: [file] },
})

test('a mutant is killed by a test that fails, survives one that does not, and is broken when no test runs', async () => {
  const [killed, survived, broken] = [
    mutant('good.test.ts', 'true'),
    mutant('idle.test.ts', 'true'),
    mutant('good.test.ts', 'age >='),
  ]
  expect(await unfitRuns(root, [killed, survived, broken])).toEqual([])
  expect(await judge(root, killed)).toEqual({ kind: 'killed', failed: 1 })
  expect(await judge(root, survived)).toEqual({ kind: 'survived' })
  expect(await judge(root, broken)).toMatchObject({ kind: 'broken' })
  expect(readFileSync(join(root, 'gate.ts'), 'utf8')).toContain('age >= 18')
}, 60_000)

test('a mutant whose text is gone is not judged', async () => {
  expect(await judge(root, mutant('good.test.ts', '', 'age > 18'))).toEqual({ kind: 'gone', found: 0 })
  expect(await judge(root, { ...mutant('good.test.ts', ''), file: 'moved.ts' })).toEqual({ kind: 'gone', found: 0 })
})

test('tests that match nothing are unfit to judge', async () => {
  const [fault] = await unfitRuns(root, [mutant('none.test.ts', '')])
  expect(fault).toContain('unit none.test.ts')
  expect(fault).toContain('there is no test that passes')
}, 60_000)
