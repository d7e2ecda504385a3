import type { FilterPattern, Term } from '#services/logs/patterns/filter-pattern.ts'
import { PatternError } from '#services/logs/patterns/pattern-error.ts'
import { patternRegex } from '#services/logs/patterns/regex.ts'
import { Scanner } from '#services/logs/patterns/scanner.ts'

/** Between quotes, where `\"` is a quote and `\\` a backslash. */
const PHRASE = /"((?:[^"\\]|\\[^])*)"(?=\s|$)/y
const REGEX = /%([^%]*)%(?=\s|$)/y
const BARE = /\S*/y
const BARE_TERM = /^[\p{L}\p{N}\p{M}_]+$/u

/** Reads terms, phrases, regular expressions, and their `?` and `-`. @throws PatternError */
export function parseTerms(text: string): FilterPattern {
  const include: Term[] = []
  const exclude: Term[] = []
  const any: Term[] = []
  const scanner = new Scanner(text)
  while (!scanner.blanks().ended) {
    const start = scanner.at
    const list = scanner.take('-') ? exclude : scanner.take('?') ? any : include
    list.push(readTerm(scanner, start))
  }
  const [only, ...others] = include
  const isBlankPhrase = only?.kind === 'text' && only.text.trim() === ''
  if (isBlankPhrase && others.length + exclude.length + any.length === 0) return { kind: 'everything' }
  return { kind: 'terms', include, exclude, any: include.length + exclude.length > 0 ? [] : any }
}

/** @param start of the term with its sign */
function readTerm(scanner: Scanner, start: number): Term {
  const sign = scanner.text[scanner.at]
  if (sign === '"') return readPhrase(scanner)
  if (sign === '%') return readRegex(scanner)
  const bare = scanner.match(BARE)?.[0] ?? ''
  if (BARE_TERM.test(bare)) return { kind: 'text', text: bare }
  throw new PatternError(`Invalid character(s) in term '${scanner.text.slice(start, scanner.at)}'`)
}

function readPhrase(scanner: Scanner): Term {
  const quoted = scanner.match(PHRASE)?.[1]
  if (quoted === undefined) throw new PatternError()
  return { kind: 'text', text: quoted.replaceAll(/\\(["\\])/g, '$1') }
}

function readRegex(scanner: Scanner): Term {
  const body = scanner.match(REGEX)?.[1]
  const regex = body === undefined ? undefined : patternRegex(body)
  if (regex === undefined) throw new PatternError()
  return regex
}
