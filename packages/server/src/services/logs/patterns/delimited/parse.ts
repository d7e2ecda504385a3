import { type Comparison, readComparison } from '#services/logs/patterns/compared-value.ts'
import type { DelimitedPattern, FieldPosition } from '#services/logs/patterns/delimited/pattern.ts'
import { readLogic } from '#services/logs/patterns/logic.ts'
import { PatternError } from '#services/logs/patterns/pattern-error.ts'
import { Scanner } from '#services/logs/patterns/scanner.ts'

const NAME = /[\p{L}\p{N}\p{M}_-]+/uy
const BARE = /[^\s,\]=!<>&|"%()[{}]+/y
const BEGINS_CONDITION = /(?=[=!<>])/y
const IS_END = /(?=[,\]]|$)/y
const ELLIPSIS = /\.\.\.|…/y

/** Reads `[ … ]`. @throws PatternError */
export function parseDelimitedPattern(text: string): DelimitedPattern {
  if (/^\[\s*\]$/.test(text)) return { kind: 'delimited', first: [] }
  const scanner = new Scanner(text, 1)
  const first: FieldPosition[] = []
  let last: FieldPosition[] | undefined
  do {
    if (!scanner.blanks().match(ELLIPSIS)) (last ?? first).push(readPosition(scanner))
    else if (last === undefined) last = []
    else throw new PatternError()
  } while (scanner.blanks().take(','))
  if (!scanner.take(']') || !scanner.ended) throw new PatternError()
  return { kind: 'delimited', first, ...(last && { last }) }
}

/** `name`, `name = x && name != y`, or nothing. */
function readPosition(scanner: Scanner): FieldPosition {
  if (scanner.match(IS_END)) return {}
  const start = scanner.at
  const name = scanner.match(NAME)?.[0]
  if (name !== undefined && !scanner.blanks().match(BEGINS_CONDITION)) return { name }
  scanner.at = start
  const names = new Set<string>()
  const condition = readLogic(scanner, (): Comparison => {
    const compared = scanner.blanks().match(NAME)?.[0]
    if (compared === undefined) throw new PatternError()
    names.add(compared)
    return readComparison(scanner, BARE)
  })
  const [only] = names
  if (only === undefined || names.size > 1) throw new PatternError()
  return { name: only, condition }
}
