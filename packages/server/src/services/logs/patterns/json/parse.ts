import { readComparison } from '#services/logs/patterns/compared-value.ts'
import type { JsonCondition, JsonPattern, JsonTest } from '#services/logs/patterns/json/pattern.ts'
import { isWildcard, readSelector } from '#services/logs/patterns/json/selector.ts'
import { MAX_PATTERN_WILDCARDS } from '#services/logs/limits.ts'
import { leavesOf, readLogic } from '#services/logs/patterns/logic.ts'
import { PatternError } from '#services/logs/patterns/pattern-error.ts'
import { Scanner } from '#services/logs/patterns/scanner.ts'

const BARE = /[\p{L}\p{N}\p{M}_.*+-]+/uy
const IS = /IS\s+(NULL|TRUE|FALSE)\b/y
const NOT_EXISTS = /NOT\s+EXISTS\b/y
const CONSTANTS = { NULL: null, TRUE: true, FALSE: false } as const

/** Reads `{ … }`. @throws PatternError */
export function parseJsonPattern(text: string): JsonPattern {
  if (!text.endsWith('}')) throw new PatternError("If a filter pattern starts with '{' it must end with '}'")
  const scanner = new Scanner(text, 1)
  const logic = readLogic(scanner, readCondition)
  if (!scanner.blanks().take('}') || !scanner.ended) throw new PatternError()
  const wildcards = leavesOf(logic).filter(({ selector }) => selector.steps.some(isWildcard))
  if (wildcards.length > MAX_PATTERN_WILDCARDS) throw new PatternError()
  return { kind: 'json', logic }
}

function readCondition(scanner: Scanner): JsonCondition {
  const selector = readSelector(scanner.blanks())
  return { selector, test: readTest(scanner.blanks()) }
}

function readTest(scanner: Scanner): JsonTest {
  const constant = scanner.match(IS)?.[1] as keyof typeof CONSTANTS | undefined
  if (constant !== undefined) return { kind: 'is', value: CONSTANTS[constant] }
  if (scanner.match(NOT_EXISTS)) return { kind: 'not-exists' }
  return { kind: 'comparison', ...readComparison(scanner, BARE) }
}
