import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, trackedFiles } from '../run.ts'
import { type SourceFiles, sourceFiles } from './source-files.ts'

// Written in pieces so that this file does not find itself.
const UNFINISHED = new RegExp(
  ['\\bTO', 'DO\\b|\\bFIX', 'ME\\b|\\bX', 'XX\\b|\\bHA', 'CK\\b|not implemented y', 'et|for n', 'ow\\b'].join(''),
)
// The linter refuses `any`; these two would silence the linter's own source.
const ESCAPED_TYPES = new RegExp(['@ts-(?:ign', 'ore|noch', 'eck)'].join(''))
const STAR_EXPORT = new RegExp(['^export \\', '* from'].join(''), 'm')
const IDLE_TEST = new RegExp(['\\b(?:it|test|describe)\\.(?:on', 'ly|sk', 'ip|to', 'do|fa', 'ils)\\b'].join(''))
const REGISTRY = /https?:\/\/[a-z0-9.-]*(?:npm|maven|pypi|crates|golang|debian)[a-z0-9.-]*\.(?:org|com|io|net)\//

/** Marks of unfinished work, escapes from the type system, and hosts that do not belong in the repository. */
export function checkWords(
  { source, tests }: SourceFiles = sourceFiles(),
  everything: readonly TextFile[] = textFiles(),
): readonly string[] {
  const faults: string[] = []
  const look = (path: string, text: string, pattern: RegExp, what: string): void => {
    const line = text.split('\n').findIndex((content) => pattern.test(content))
    if (line >= 0) faults.push(`${path}:${String(line + 1)}: ${what}`)
  }
  for (const { path, text } of source)
    look(path, text, UNFINISHED, 'marks unfinished work; finish it, or answer 501 honestly')
  for (const { path, text } of [...source, ...tests]) {
    look(path, text, ESCAPED_TYPES, 'escapes the type checker')
    look(path, text, STAR_EXPORT, 'exports whatever another file exports; name what is meant')
  }
  for (const { path, text } of tests) look(path, text, IDLE_TEST, 'a test that does not run, or runs alone')
  for (const { path, text } of everything)
    look(path, text, REGISTRY, "names a package registry's host; packages are fetched by name")
  return faults
}

interface TextFile {
  readonly path: string
  readonly text: string
}

/** Every file of the repository that is text, documents and data among them. */
const textFiles = (): readonly TextFile[] =>
  trackedFiles()
    .filter((path) => !/\.(?:png|ico|gz)$/.test(path))
    .map((path) => ({ path, text: read(path) }))

function read(path: string): string {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch {
    // Deleted in the working tree, but still in git's index.
    return ''
  }
}
