import type { Term, TermsPattern } from '#services/logs/patterns/filter-pattern.ts'
import type { LogQuery } from '#stores/journals/log-journal.ts'

export const termsMatch = ({ include, exclude, any }: TermsPattern, message: string): boolean =>
  include.every((term) => occurs(term, message)) &&
  !exclude.some((term) => occurs(term, message)) &&
  (any.length === 0 || any.some((term) => occurs(term, message)))

function occurs(term: Term, message: string): boolean {
  return term.kind === 'text' ? message.includes(term.text) : term.regex.test(message)
}

/** What every message that the pattern selects contains and does not contain. */
export const termLiterals = ({ include, exclude, any }: TermsPattern): NonNullable<LogQuery['containing']> => ({
  include: [...new Set(include.flatMap(literalsOf))],
  exclude: exclude.flatMap((term) => (isText(term) ? literalsOf(term) : [])),
  any: any.every((term) => literalsOf(term).length > 0) ? any.flatMap((term) => literalsOf(term).slice(0, 1)) : [],
})

/** What is left to test of a message that passes those literals. */
export const termsBeyondLiterals = ({ kind, include, exclude, any }: TermsPattern): TermsPattern => ({
  kind,
  include: include.filter((term) => !isText(term)),
  exclude: exclude.filter((term) => !isPushable(term)),
  any: any.every(isPushable) ? [] : any,
})

/** Whether those literals are the whole pattern. */
export const areTermsLiteral = ({ include, exclude, any }: TermsPattern): boolean =>
  [...include, ...any].every(isText) && exclude.every(isPushable)

const isText = (term: Term): boolean => term.kind === 'text'
/** Every message contains the empty text, so there is nothing to look for. */
const isPushable = (term: Term): boolean => term.kind === 'text' && term.text !== ''

/** What every message contains in which the term occurs, the most telling first. */
function literalsOf(term: Term): readonly string[] {
  if (term.kind === 'regex') return term.literals
  return term.text === '' ? [] : [term.text]
}
