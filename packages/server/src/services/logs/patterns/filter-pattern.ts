import type { DelimitedPattern } from '#services/logs/patterns/delimited/pattern.ts'
import type { JsonPattern } from '#services/logs/patterns/json/pattern.ts'
import type { PatternRegex } from '#services/logs/patterns/regex.ts'

/** One thing that a message contains or not. */
export type Term = { readonly kind: 'text'; readonly text: string } | PatternRegex

/** Words and phrases that occur anywhere in a message. */
export interface TermsPattern {
  readonly kind: 'terms'
  /** All of them must occur. */
  readonly include: readonly Term[]
  /** None of them may occur. */
  readonly exclude: readonly Term[]
  /** At least one of them must occur, when there are any. Empty beside `include` or `exclude`: AWS ignores them then. */
  readonly any: readonly Term[]
}

/** A parsed filter pattern. */
export type FilterPattern = { readonly kind: 'everything' } | TermsPattern | JsonPattern | DelimitedPattern
