import { numberOf } from '#services/logs/patterns/compared-value.ts'
import {
  delimitedMatcher,
  delimitedNumberReader,
  delimitedReader,
  delimitedValues,
} from '#services/logs/patterns/delimited/evaluate.ts'
import type { FilterPattern } from '#services/logs/patterns/filter-pattern.ts'
import { jsonMatches, jsonValues, valueText } from '#services/logs/patterns/json/evaluate.ts'
import { isWildcard, selectorOf } from '#services/logs/patterns/json/selector.ts'
import { MessageView } from '#services/logs/patterns/message-view.ts'
import { delimitedLiterals, jsonLiterals } from '#services/logs/patterns/needs.ts'
import { type PatternUse, parseFilterPattern } from '#services/logs/patterns/parse.ts'
import {
  areTermsLiteral,
  termLiterals,
  termsBeyondLiterals,
  termsMatch,
} from '#services/logs/patterns/terms/evaluate.ts'
import type { LogQuery } from '#stores/journals/log-journal.ts'

/** Tells which messages a filter pattern selects. */
export interface Matcher {
  readonly pattern: FilterPattern
  /** The one answer that counts, wherever a pattern is used. */
  readonly matches: (message: string) => boolean
  /** The same of a message that several patterns look at. */
  readonly selects: (message: MessageView) => boolean
  /** The same of a message that passes `containing`. */
  readonly confirms: (message: MessageView) => boolean
  /** What the journal may test first: every message that matches passes it. Left out: nothing can be told beforehand. */
  readonly containing?: NonNullable<LogQuery['containing']>
  /** True when a message that passes `containing` always matches. */
  readonly exact: boolean
}

/** @throws AwsError InvalidParameterException when the text is no pattern */
export const compileFilterPattern = (text: string, use?: PatternUse): Matcher => compile(parseFilterPattern(text, use))

function compile(pattern: FilterPattern): Matcher {
  switch (pattern.kind) {
    case 'everything':
      return { pattern, matches: yes, selects: yes, confirms: yes, exact: true }
    case 'terms': {
      const exact = areTermsLiteral(pattern)
      const rest = termsBeyondLiterals(pattern)
      return {
        pattern,
        matches: (message) => termsMatch(pattern, message),
        selects: ({ text }) => termsMatch(pattern, text),
        confirms: exact ? yes : ({ text }) => termsMatch(rest, text),
        containing: termLiterals(pattern),
        exact,
      }
    }
    case 'json':
      return viewing(pattern, jsonLiterals(pattern), ({ object }) => jsonMatches(pattern, object))
    case 'delimited':
      return {
        ...viewing(pattern, delimitedLiterals(pattern), delimitedMatcher(pattern)),
        exact: pattern.first.length + (pattern.last?.length ?? 0) === 0,
      }
    default:
      return pattern satisfies never
  }
}

const yes = (): boolean => true

type Literals = NonNullable<LogQuery['containing']>

/** A message that lacks what every match contains is not taken apart. */
function viewing(pattern: FilterPattern, containing: Literals, confirms: Matcher['confirms']): Matcher {
  const selects: Matcher['selects'] = (message) => hasLiterals(containing, message.text) && confirms(message)
  return {
    pattern,
    matches: (message: string) => selects(new MessageView(message)),
    selects,
    confirms,
    containing,
    exact: false,
  }
}

/** Whether a text has what a pattern's every match contains. */
function hasLiterals({ include, any }: Pick<Literals, 'include' | 'any'>, text: string): boolean {
  for (const literal of include) if (!text.includes(literal)) return false
  if (any.length === 0) return true
  for (const literal of any) if (text.includes(literal)) return true
  return false
}

/** What a pattern takes out of a message that it selects, by `$name`, `$1` or selector; terms take out nothing. */
export function extractedValues(
  pattern: FilterPattern,
  message: MessageView,
): readonly (readonly [name: string, value: string])[] {
  if (pattern.kind === 'delimited') return delimitedValues(pattern, message)
  return pattern.kind === 'json' ? jsonValues(pattern, message.object) : []
}

/** Reads one field of a message, as text. `undefined`: the message has none. */
export type FieldReader = (message: MessageView) => string | undefined

/**
 * How `$.a.b`, `$name` or `$1` is read from the messages of a pattern.
 * @returns undefined when the pattern has no such field, or it could stand for several values
 */
export function fieldReader(pattern: FilterPattern, reference: string): FieldReader | undefined {
  if (pattern.kind === 'delimited') {
    return delimitedReader(pattern, reference)
  }
  const selector = pattern.kind === 'json' ? selectorOf(reference) : undefined
  if (selector === undefined || selector.steps.some(isWildcard)) return undefined
  return ({ object }) => valueText(object, selector.steps)
}

/** How the same is read as a number. `undefined` from the reader: the message has none there. */
export function numberReader(
  pattern: FilterPattern,
  reference: string,
): ((message: MessageView) => number | undefined) | undefined {
  if (pattern.kind === 'delimited') return delimitedNumberReader(pattern, reference)
  const read = fieldReader(pattern, reference)
  return read && ((message) => numberIn(read(message)))
}

const numberIn = (text: string | undefined): number | undefined => (text === undefined ? undefined : numberOf(text))
