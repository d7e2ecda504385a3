import { type Logic, leavesOf, logicHolds, readLogic } from '#services/logs/patterns/logic.ts'
import { PatternError } from '#services/logs/patterns/pattern-error.ts'
import { Scanner } from '#services/logs/patterns/scanner.ts'

/** One comparison of a field with one text or several. */
interface Criterion {
  readonly field: string
  readonly negated: boolean
  readonly values: readonly string[]
}

/** Criteria such as `@aws.region IN ["eu-west-1"] AND @aws.account != "111122223333"`. */
export type SelectionCriteria = Logic<Criterion>

const FIELD = /@?[A-Za-z][\w.]*/y
const OPERATOR = /(?:NOT\s+IN|IN)\b|!=|=/y
const QUOTED = /"([^"]*)"|'([^']*)'/y

/**
 * Reads selection criteria: `=`, `!=`, `IN [..]`, `NOT IN [..]`, AND, OR and parentheses.
 * @param fields those that may be compared
 * @returns undefined when the text is none
 */
export function parseSelectionCriteria(text: string, fields: readonly string[]): SelectionCriteria | undefined {
  const scanner = new Scanner(text)
  try {
    const criteria = readLogic(scanner, readCriterion, { and: 'AND', or: 'OR' })
    const known = leavesOf(criteria).every(({ field }) => fields.includes(field))
    return known && scanner.blanks().ended ? criteria : undefined
  } catch (error) {
    if (error instanceof PatternError) return undefined
    throw error
  }
}

/** Whether they select what has these fields. */
export const criteriaHold = (criteria: SelectionCriteria, fields: Readonly<Record<string, string>>): boolean =>
  logicHolds(criteria, ({ field, negated, values }) => values.includes(fields[field] ?? '') !== negated)

function readCriterion(scanner: Scanner): Criterion {
  const field = scanner.blanks().match(FIELD)?.[0]
  const operator = scanner.blanks().match(OPERATOR)?.[0]
  if (field === undefined || operator === undefined) throw new PatternError()
  const negated = operator.startsWith('N') || operator === '!='
  return { field, negated, values: operator.endsWith('IN') ? readList(scanner) : [readText(scanner)] }
}

function readList(scanner: Scanner): readonly string[] {
  if (!scanner.blanks().take('[')) throw new PatternError()
  const values = [readText(scanner)]
  while (scanner.blanks().take(',')) values.push(readText(scanner))
  if (!scanner.take(']')) throw new PatternError()
  return values
}

function readText(scanner: Scanner): string {
  const [, double, single] = scanner.blanks().match(QUOTED) ?? []
  const text = double ?? single
  if (text === undefined) throw new PatternError()
  return text
}
