import type { AwsError } from '#kernel/errors.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_PATTERN_CHARS, MAX_PATTERN_REGEXES } from '#services/logs/limits.ts'
import { parseDelimitedPattern } from '#services/logs/patterns/delimited/parse.ts'
import type { FilterPattern } from '#services/logs/patterns/filter-pattern.ts'
import { parseJsonPattern } from '#services/logs/patterns/json/parse.ts'
import { leavesOf } from '#services/logs/patterns/logic.ts'
import { PatternError } from '#services/logs/patterns/pattern-error.ts'
import { parseTerms } from '#services/logs/patterns/terms/parse.ts'

/** What a pattern is for; metric filters have a sentence of their own for what is no pattern. */
export type PatternUse = 'search' | 'metric'

/**
 * Reads a filter pattern of any form.
 * @throws AwsError InvalidParameterException when it is none
 */
export function parseFilterPattern(pattern: string, use: PatternUse = 'search'): FilterPattern {
  if (pattern.length > MAX_PATTERN_CHARS) {
    throw logsErrors.constraint(
      'filterPattern',
      `Member must have length less than or equal to ${String(MAX_PATTERN_CHARS)}`,
    )
  }
  try {
    const parsed = parse(pattern.toWellFormed().trim())
    if (regexesIn(parsed) > MAX_PATTERN_REGEXES) throw tooManyRegexes()
    return parsed
  } catch (error) {
    if (error instanceof PatternError) throw refusal(error, use)
    throw error
  }
}

function parse(text: string): FilterPattern {
  if (text === '') return { kind: 'everything' }
  if (text.startsWith('{')) return parseJsonPattern(text)
  if (text.startsWith('[')) return parseDelimitedPattern(text)
  return parseTerms(text)
}

/** How many regular expressions a pattern searches with. */
export function regexesIn(pattern: FilterPattern): number {
  return kindsOf(pattern).filter((kind) => kind === 'regex').length
}

function kindsOf(pattern: FilterPattern): readonly string[] {
  switch (pattern.kind) {
    case 'everything':
      return []
    case 'terms':
      return [...pattern.include, ...pattern.exclude, ...pattern.any].map(({ kind }) => kind)
    case 'json':
      return leavesOf(pattern.logic).map(({ test }) => (test.kind === 'comparison' ? test.value.kind : test.kind))
    case 'delimited':
      return [...pattern.first, ...(pattern.last ?? [])].flatMap(({ condition }) =>
        condition === undefined ? [] : leavesOf(condition).map(({ value }) => value.kind),
      )
    default:
      return pattern satisfies never
  }
}

const tooManyRegexes = (): PatternError =>
  new PatternError(`A filter pattern can have at most ${String(MAX_PATTERN_REGEXES)} regular expressions.`)

const refusal = ({ sentence }: PatternError, use: PatternUse): AwsError =>
  logsErrors.invalidParameter(
    sentence ?? (use === 'metric' ? 'Invalid metric filter pattern' : 'Invalid filter pattern'),
  )
