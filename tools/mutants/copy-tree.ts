import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT, trackedFiles } from '../run.ts'

/** A copy of the repository in which files may be made wrong. */
export interface TreeCopy {
  readonly path: string
  remove(): void
}

/** Our own packages, which must be those of the copy. */
const OURS = '@sluice'

/** Copies what git tracks, and what is new; installed packages are links to those of the repository. */
export function copyTree(): TreeCopy {
  const path = mkdtempSync(join(tmpdir(), 'sluice-mutants-'))
  for (const file of trackedFiles()) copyFile(file, path)
  linkModules(path)
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

function copyFile(file: string, to: string): void {
  try {
    mkdirSync(dirname(join(to, file)), { recursive: true })
    cpSync(join(ROOT, file), join(to, file))
  } catch (error) {
    // Deleted in the working tree, but still in git's index.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function linkModules(to: string): void {
  const modules = join(to, 'node_modules')
  mkdirSync(join(modules, OURS), { recursive: true })
  // What begins with a dot is kept by tools for themselves, except the commands.
  const wanted = (name: string): boolean => name === '.bin' || (name !== OURS && !name.startsWith('.'))
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (wanted(name)) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  }
  for (const name of readdirSync(join(to, 'packages')))
    symlinkSync(join(to, 'packages', name), join(modules, OURS, name))
}
