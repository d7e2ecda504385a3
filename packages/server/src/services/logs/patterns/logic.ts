import type { Scanner } from '#services/logs/patterns/scanner.ts'
import { PatternError } from '#services/logs/patterns/pattern-error.ts'

/** Comparisons put together with `&&`, `||` and parentheses. */
export type Logic<L> =
  | { readonly kind: 'leaf'; readonly leaf: L }
  | { readonly kind: 'all'; readonly parts: readonly Logic<L>[] }
  | { readonly kind: 'some'; readonly parts: readonly Logic<L>[] }

const PATTERN_SIGNS = { and: '&&', or: '||' }

/**
 * Reads `a || b && (c || d)`: parentheses bind closest, then `&&`, then `||`.
 * @param signs how `&&` and `||` are written
 * @throws PatternError for an operand or a parenthesis that is missing
 */
export function readLogic<L>(
  scanner: Scanner,
  readLeaf: (scanner: Scanner) => L,
  signs: { readonly and: string; readonly or: string } = PATTERN_SIGNS,
): Logic<L> {
  const operand = (): Logic<L> => {
    if (!scanner.blanks().take('(')) return { kind: 'leaf', leaf: readLeaf(scanner) }
    const inner = some()
    if (!scanner.blanks().take(')')) throw new PatternError()
    return inner
  }
  const chain = (sign: string, next: () => Logic<L>): readonly Logic<L>[] => {
    const parts = [next()]
    while (scanner.blanks().take(sign)) parts.push(next())
    return parts
  }
  const all = (): Logic<L> => joined('all', chain(signs.and, operand))
  const some = (): Logic<L> => joined('some', chain(signs.or, all))
  return some()
}

const joined = <L>(kind: 'all' | 'some', parts: readonly Logic<L>[]): Logic<L> => {
  const [only] = parts
  return only !== undefined && parts.length === 1 ? only : { kind, parts }
}

/** Whether it holds when `holds` says so of its comparisons. */
export function logicHolds<L>(logic: Logic<L>, holds: (leaf: L) => boolean): boolean {
  if (logic.kind === 'leaf') return holds(logic.leaf)
  return logic.kind === 'all'
    ? logic.parts.every((part) => logicHolds(part, holds))
    : logic.parts.some((part) => logicHolds(part, holds))
}

/** Its comparisons from left to right. */
export function leavesOf<L>(logic: Logic<L>): readonly L[] {
  return logic.kind === 'leaf' ? [logic.leaf] : logic.parts.flatMap(leavesOf)
}
