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
  include: texts(include),
  exclude: texts(exclude),
  any: any.every(isPushable) ? texts(any) : [],
})

/** Whether those literals are the whole pattern. */
export const areTermsLiteral = ({ include, exclude, any }: TermsPattern): boolean =>
  [...include, ...any].every(isText) && exclude.every(isPushable)

const isText = (term: Term): boolean => term.kind === 'text'
/** Every message contains the empty text, so there is nothing to look for. */
const isPushable = (term: Term): boolean => term.kind === 'text' && term.text !== ''
const texts = (terms: readonly Term[]): readonly string[] =>
  terms.flatMap((term) => (term.kind === 'text' && term.text !== '' ? [term.text] : []))
