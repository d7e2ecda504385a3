import { type SourceFile, type SourceFiles, sourceFiles } from './source-files.ts'

/** Bars of docs/architecture.md: a file is one idea. */
const LONGEST = 500
const MEDIAN = 100
/** A tree that suddenly has fewer files was not read; a check that reads nothing proves nothing. */
const FEWEST_FILES = 100

/** Short files, and as many lines of code in tests as in the source. */
export function checkSizes({ source, tests }: SourceFiles = sourceFiles()): readonly string[] {
  const faults: string[] = []
  if (source.length < FEWEST_FILES)
    faults.push(`only ${String(source.length)} source files were read; is this the repository?`)
  for (const { path, lines } of [...source, ...tests])
    if (lines > LONGEST)
      faults.push(`${path} has ${String(lines)} lines; the most is ${String(LONGEST)}. Is it one idea?`)
  const product = source.filter(({ path }) => path.startsWith('packages/'))
  const median = product.map(({ lines }) => lines).toSorted((a, b) => a - b)[Math.floor(product.length / 2)] ?? 0
  if (median > MEDIAN) faults.push(`the median file has ${String(median)} lines; the bar is ${String(MEDIAN)}`)
  if (total(tests) < total(product))
    faults.push(
      `there are ${String(total(tests))} lines of code in tests for ${String(total(product))} in the source; tests are to be as many at least`,
    )
  return faults
}

const total = (files: readonly SourceFile[]): number => files.reduce((sum, { code }) => sum + code, 0)
