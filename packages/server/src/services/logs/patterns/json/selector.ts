import type { Selector, SelectorStep } from '#services/logs/patterns/json/pattern.ts'
import { PatternError } from '#services/logs/patterns/pattern-error.ts'
import { Scanner } from '#services/logs/patterns/scanner.ts'

const NAME = /[\p{L}\p{N}\p{M}_-]+/uy
const QUOTED_NAME = /\['([^']+)'\]/y
const INDEX = /\[(\d{1,9})\]/y

/** Whether a step stands for several values. */
export const isWildcard = ({ kind }: SelectorStep): boolean => kind === 'members' || kind === 'elements'

/** Reads `$.a.b`, `$.a[0]`, `$.['a.b']`, `$.*`, `$.a[*]`; one wildcard at most. @throws PatternError */
export function readSelector(scanner: Scanner): Selector {
  const start = scanner.at
  if (!scanner.take('$')) throw new PatternError()
  const steps: SelectorStep[] = []
  for (let step = readStep(scanner, true); step !== undefined; step = readStep(scanner, false)) steps.push(step)
  if (steps.length === 0 || steps.filter(isWildcard).length > 1) throw new PatternError()
  return { text: scanner.text.slice(start, scanner.at), steps }
}

/** A whole text as a selector. `undefined`: it is something else. */
export function selectorOf(text: string): Selector | undefined {
  const scanner = new Scanner(text)
  try {
    const selector = readSelector(scanner)
    return scanner.ended ? selector : undefined
  } catch (error) {
    if (error instanceof PatternError) return undefined
    throw error
  }
}

function readStep(scanner: Scanner, isFirst: boolean): SelectorStep | undefined {
  if (scanner.take('.')) return readMember(scanner)
  if (isFirst) return undefined
  if (scanner.take('[*]')) return { kind: 'elements' }
  const index = scanner.match(INDEX)?.[1]
  return index === undefined ? undefined : { kind: 'index', index: Number(index) }
}

function readMember(scanner: Scanner): SelectorStep {
  if (scanner.take('*')) return { kind: 'members' }
  const name = scanner.match(NAME)?.[0] ?? scanner.match(QUOTED_NAME)?.[1]
  if (name === undefined) throw new PatternError()
  return { kind: 'member', name }
}
