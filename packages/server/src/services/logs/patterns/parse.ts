import { logsErrors } from '#services/logs/errors.ts'
import { MAX_PATTERN_CHARS, MAX_PATTERN_REGEXES } from '#services/logs/limits.ts'
import type { FilterPattern, Term } from '#services/logs/patterns/filter-pattern.ts'
import { compilePatternRegex } from '#services/logs/patterns/regex.ts'

/** Between quotes, where `\"` is a quote and `\\` a backslash. */
const PHRASE = /"((?:[^"\\]|\\[^])*)"/y
const REGEX = /%([^%]*)%/y
const BARE = /\S*/y
const BARE_TERM = /^[\p{L}\p{N}\p{M}_]+$/u
const BLANKS = /\s*/y

/**
 * Reads a filter pattern.
 * @throws AwsError InvalidParameterException when it is none, or of a form that is not supported
 */
export function parseFilterPattern(pattern: string): FilterPattern {
  if (pattern.length > MAX_PATTERN_CHARS) {
    throw logsErrors.constraint(
      'filterPattern',
      `Member must have length less than or equal to ${String(MAX_PATTERN_CHARS)}`,
    )
  }
  const text = pattern.toWellFormed().trim()
  if (text === '') return { kind: 'everything' }
  if (text.startsWith('{')) throw refusedJson(text)
  if (text.startsWith('[')) return parseDelimited(text)
  return parseTerms(text)
}

function refusedJson(text: string): Error {
  return text.endsWith('}')
    ? logsErrors.invalidParameter(unsupported('{', 'JSON'))
    : logsErrors.invalidParameter("If a filter pattern starts with '{' it must end with '}'")
}

function parseDelimited(text: string): FilterPattern {
  if (/^\[\s*\]$/.test(text)) return { kind: 'everything' }
  throw text.endsWith(']') ? logsErrors.invalidParameter(unsupported('[', 'space-delimited')) : invalidPattern()
}

const unsupported = (start: string, form: string): string =>
  `Filter patterns that start with '${start}' (${form}) are not supported by this version of Sluice. ` +
  'Use terms, quoted phrases or %regular expressions%, or quote the text to find it literally.'

const invalidPattern = (): Error => logsErrors.invalidParameter('Invalid filter pattern')

/** What is read from `at`, and where reading goes on. */
interface Found {
  readonly term: Term
  readonly end: number
}

function parseTerms(text: string): FilterPattern {
  const include: Term[] = []
  const exclude: Term[] = []
  const any: Term[] = []
  let at = 0
  while (at < text.length) {
    const sign = text[at]
    const list = sign === '-' ? exclude : sign === '?' ? any : include
    const found = readTerm(text, at, list === include ? at : at + 1)
    list.push(found.term)
    at = afterBlanks(text, found.end)
  }
  checkRegexCount([...include, ...exclude, ...any])
  const [only, ...others] = include
  const isBlankPhrase = only?.kind === 'text' && only.text.trim() === ''
  if (isBlankPhrase && others.length + exclude.length + any.length === 0) return { kind: 'everything' }
  return { kind: 'terms', include, exclude, any: include.length + exclude.length > 0 ? [] : any }
}

/** @param start of the term with its sign @param at behind the sign */
function readTerm(text: string, start: number, at: number): Found {
  if (text[at] === '"') return readPhrase(text, at)
  if (text[at] === '%') return readRegex(text, at)
  const bare = matchAt(BARE, text, at)?.[0] ?? ''
  if (!BARE_TERM.test(bare)) {
    throw logsErrors.invalidParameter(`Invalid character(s) in term '${text.slice(start, at)}${bare}'`)
  }
  return { term: { kind: 'text', text: bare }, end: at + bare.length }
}

function readPhrase(text: string, at: number): Found {
  const [whole, quoted] = matchAt(PHRASE, text, at) ?? []
  if (whole === undefined || quoted === undefined || !endsTerm(text, at + whole.length)) throw invalidPattern()
  return { term: { kind: 'text', text: quoted.replaceAll(/\\(["\\])/g, '$1') }, end: at + whole.length }
}

function readRegex(text: string, at: number): Found {
  const [whole, body] = matchAt(REGEX, text, at) ?? []
  if (whole === undefined || body === undefined || !endsTerm(text, at + whole.length)) throw invalidPattern()
  const regex = compilePatternRegex(body)
  if (regex === undefined) throw invalidPattern()
  return { term: { kind: 'regex', regex }, end: at + whole.length }
}

function checkRegexCount(terms: readonly Term[]): void {
  if (terms.filter(({ kind }) => kind === 'regex').length <= MAX_PATTERN_REGEXES) return
  throw logsErrors.invalidParameter(
    `A filter pattern can have at most ${String(MAX_PATTERN_REGEXES)} regular expressions.`,
  )
}

const endsTerm = (text: string, at: number): boolean => at === text.length || /\s/.test(text[at] ?? '')

const afterBlanks = (text: string, at: number): number => at + (matchAt(BLANKS, text, at)?.[0].length ?? 0)

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at
  return sticky.exec(text)
}
