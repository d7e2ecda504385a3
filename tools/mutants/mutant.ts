/** One line of the product made wrong, and the tests that must notice. */
export interface Mutant {
  /** What is taken away, in words. */
  readonly name: string
  /** Relative to the root. */
  readonly file: string
  /** Must occur exactly once in the file. */
  readonly find: string
  readonly replace: string
  readonly tests: TestRun
}

/** Which tests are run: vitest's project and its path filters, and part of their names when not all of a file's. */
export interface TestRun {
  readonly project: 'unit' | 'slow' | 'e2e'
  readonly files: readonly string[]
  readonly named?: string
}

/** How a mutant ended; anything but `killed` is a fault. */
export type Verdict =
  | { readonly kind: 'killed'; readonly failed: number }
  | { readonly kind: 'survived' }
  /** Its text is not in the file, or more than once. */
  | { readonly kind: 'gone'; readonly found: number }
  /** No test failed, but the run did: the mutant does not even load, so it proves nothing. */
  | { readonly kind: 'broken'; readonly output: string }

/**
 * The text with the mutant in it.
 * @returns the number of places found when that is not one
 */
export function mutated(text: string, { find, replace }: Pick<Mutant, 'find' | 'replace'>): string | number {
  const found = text.split(find).length - 1
  // A function, since a text would have its dollars interpreted.
  return found === 1 ? text.replace(find, () => replace) : found
}

/** A verdict as one line. */
export function verdictLine(name: string, verdict: Verdict): string {
  switch (verdict.kind) {
    case 'killed':
      return `killed    ${name} (${String(verdict.failed)} failed)`
    case 'survived':
      return `SURVIVED  ${name}: no test fails without it`
    case 'gone':
      return `GONE      ${name}: its text is in the file ${String(verdict.found)} times; write the mutant anew`
    case 'broken':
      return `BROKEN    ${name}: no test ran to its end\n${verdict.output}`
    default:
      return verdict satisfies never
  }
}
