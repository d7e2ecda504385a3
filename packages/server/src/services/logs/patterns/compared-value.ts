import { PatternError } from '#services/logs/patterns/pattern-error.ts'
import { type PatternRegex, patternRegex } from '#services/logs/patterns/regex.ts'
import type { Scanner } from '#services/logs/patterns/scanner.ts'

/** What a text is compared with. */
export type TextTest =
  | { readonly kind: 'equals'; readonly text: string }
  /** `x*` */
  | { readonly kind: 'starts'; readonly text: string }
  /** `*x` */
  | { readonly kind: 'ends'; readonly text: string }
  /** `*x*` */
  | { readonly kind: 'contains'; readonly text: string }
  /** `*` */
  | { readonly kind: 'anything' }
  /** `%x%`, searched anywhere in the text. */
  | PatternRegex

export type ComparedValue = TextTest | { readonly kind: 'number'; readonly number: number; readonly written: string }

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>='

/** A comparison without what it compares. */
export interface Comparison {
  readonly operator: Operator
  readonly value: ComparedValue
}

const OPERATOR = /!=|<=|>=|=|<|>/y
/** Between quotes, where `\"` is a quote and `\\` a backslash. */
const QUOTED = /"((?:[^"\\]|\\[^])*)"/y
const REGEX = /%([^%]*)%/y
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * Reads an operator and a value.
 * @param bare sticky; how a value without quotes is written
 * @throws PatternError
 */
export function readComparison(scanner: Scanner, bare: RegExp): Comparison {
  const operator = scanner.blanks().match(OPERATOR)?.[0] as Operator | undefined
  if (operator === undefined) throw new PatternError()
  const value = readValue(scanner.blanks(), bare)
  const isOrder = operator !== '=' && operator !== '!='
  if (isOrder && value.kind !== 'number') throw new PatternError()
  return { operator, value }
}

function readValue(scanner: Scanner, bare: RegExp): ComparedValue {
  const quoted = scanner.match(QUOTED)?.[1]
  if (quoted !== undefined) return textTest(quoted.replaceAll(/\\(["\\])/g, '$1'))
  const body = scanner.match(REGEX)?.[1]
  if (body !== undefined) {
    const regex = patternRegex(body)
    if (regex === undefined) throw new PatternError()
    return regex
  }
  const written = scanner.match(bare)?.[0]
  if (written === undefined || written === '') throw new PatternError()
  const number = numberOf(written)
  return number === undefined ? textTest(written) : { kind: 'number', number, written }
}

/** Asterisks at the ends stand for any text; one in the middle is an asterisk. */
function textTest(written: string): TextTest {
  if (/^\*+$/.test(written)) return { kind: 'anything' }
  const open = written.startsWith('*')
  const close = written.endsWith('*')
  const text = written.slice(open ? 1 : 0, close ? -1 : undefined)
  return { kind: open ? (close ? 'contains' : 'ends') : close ? 'starts' : 'equals', text }
}

/** The number that a text writes, in plain or scientific notation. `undefined`: it writes none. */
export function numberOf(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}

export function passesText(test: TextTest, text: string): boolean {
  switch (test.kind) {
    case 'equals':
      return text === test.text
    case 'starts':
      return text.startsWith(test.text)
    case 'ends':
      return text.endsWith(test.text)
    case 'contains':
      return text.includes(test.text)
    case 'anything':
      return true
    case 'regex':
      return test.regex.test(text)
    default:
      return test satisfies never
  }
}

export function passesNumber(operator: Operator, left: number, right: number): boolean {
  switch (operator) {
    case '=':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    default:
      return operator satisfies never
  }
}
