import type { FilterPattern, Term } from '#services/logs/patterns/filter-pattern.ts'
import { parseFilterPattern } from '#services/logs/patterns/parse.ts'
import type { LogQuery } from '#stores/journals/log-journal.ts'

/** Tells which messages a filter pattern selects. */
export interface Matcher {
  /** The one answer that counts, wherever a pattern is used. */
  matches(message: string): boolean
  /** What the journal may test first: every message that matches passes it. Left out: nothing can be told beforehand. */
  readonly containing?: NonNullable<LogQuery['containing']>
  /** True when a message that passes `containing` always matches. */
  readonly exact: boolean
}

/** @throws AwsError InvalidParameterException when the text is no pattern, or of a form that is not supported */
export const compileFilterPattern = (text: string): Matcher => compile(parseFilterPattern(text))

function compile(pattern: FilterPattern): Matcher {
  if (pattern.kind === 'everything') return { matches: () => true, exact: true }
  const { include, exclude, any } = pattern
  return {
    matches: (message) =>
      include.every((term) => occurs(term, message)) &&
      !exclude.some((term) => occurs(term, message)) &&
      (any.length === 0 || any.some((term) => occurs(term, message))),
    containing: {
      include: texts(include),
      exclude: texts(exclude),
      any: any.every(isPushable) ? texts(any) : [],
    },
    exact: [...include, ...any].every(isText) && exclude.every(isPushable),
  }
}

function occurs(term: Term, message: string): boolean {
  return term.kind === 'text' ? message.includes(term.text) : term.regex.test(message)
}

const isText = (term: Term): boolean => term.kind === 'text'
/** Every message contains the empty text, so there is nothing to look for. */
const isPushable = (term: Term): boolean => term.kind === 'text' && term.text !== ''
const texts = (terms: readonly Term[]): readonly string[] =>
  terms.flatMap((term) => (term.kind === 'text' && term.text !== '' ? [term.text] : []))
