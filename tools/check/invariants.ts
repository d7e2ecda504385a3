import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run.ts'

/** Every row of docs/invariants.md names tests that exist: `file › test name`. */
export function checkInvariants(root: string = ROOT): readonly string[] {
  const path = join(root, 'docs', 'invariants.md')
  if (!existsSync(path)) return ['docs/invariants.md is missing']
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => /^\| *\d+/.test(line))
  if (rows.length === 0) return ['docs/invariants.md has no rows']
  return rows.flatMap((row) => {
    const tests = [...row.matchAll(/`([^`]+\.test\.ts) › ([^`]+)`/g)]
    if (tests.length === 0) return [`no test is named for: ${row.slice(0, 80)}`]
    return tests.flatMap(([, file = '', name = '']) => {
      if (!existsSync(join(root, file))) return [`${file} does not exist, but docs/invariants.md names it`]
      return readFileSync(join(root, file), 'utf8').includes(name) ? [] : [`${file} has no test named "${name}"`]
    })
  })
}
