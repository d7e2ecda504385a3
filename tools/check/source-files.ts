import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, trackedFiles } from '../run.ts'

/** A file as it stands in the working tree. */
export interface SourceFile {
  /** Relative to the root. */
  readonly path: string
  readonly text: string
  readonly lines: number
  /** Lines that are neither blank nor comment. */
  readonly code: number
}

const GENERATED = /^packages\/wire\/(?:models|src\/types)\//
// Benches, fakes and children that only tests start stand in folders and files of these names.
const TEST = /\.test\.ts$|^tests\/|^packages\/testkit\/|\/testing\/|\/fuzz\/|\/test-bench\.ts$|\/crash-writer\.ts$/

/** TypeScript written by hand, tests apart. */
export interface SourceFiles {
  readonly source: readonly SourceFile[]
  readonly tests: readonly SourceFile[]
}

/** Every such file of the repository. */
export function sourceFiles(): SourceFiles {
  const all = trackedFiles('*.ts', '*.mjs')
    .filter((path) => !GENERATED.test(path))
    .map(read)
    .filter((file) => file !== undefined)
  return { source: all.filter(({ path }) => !TEST.test(path)), tests: all.filter(({ path }) => TEST.test(path)) }
}

function read(path: string): SourceFile | undefined {
  try {
    const text = readFileSync(join(ROOT, path), 'utf8')
    return { path, text, lines: text.split('\n').length - 1, code: codeLines(text) }
  } catch {
    // Deleted in the working tree, but still in git's index.
    return undefined
  }
}

const codeLines = (text: string): number => text.split('\n').filter((line) => !/^\s*(?:$|\/\/|\/?\*)/.test(line)).length
