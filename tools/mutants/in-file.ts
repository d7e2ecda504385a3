import type { Mutant, TestRun } from './mutant.ts'

/** What is made wrong in a file: a name, the text that must be there once, and what stands there instead. */
export type Row = readonly [name: string, find: string, replace: string]

/** Mutants of one file that the same tests must notice. */
export const inFile = (file: string, tests: TestRun, rows: readonly Row[]): readonly Mutant[] =>
  rows.map(([name, find, replace]) => ({ name, file, find, replace, tests }))
