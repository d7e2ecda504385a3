import type { Condition } from '../evaluate/condition.ts'

/** Most values or conditions that a report lists, and the most characters of a value. */
const MAX_VALUES = 10
const MAX_CHARACTERS = 256

/** Values as reports keep them: a policy or a request may hold thousands, a stored decision may not. */
export function bounded(values: readonly string[]): readonly string[] {
  const shown = values.slice(0, MAX_VALUES).map(shorten)
  return values.length > MAX_VALUES ? [...shown, `… and ${values.length - MAX_VALUES} more`] : shown
}

/** The first conditions of a statement; who mends those sees the others next. */
export const boundedConditions = (conditions: readonly Condition[]): readonly Condition[] =>
  conditions.slice(0, MAX_VALUES)

const shorten = (text: string): string => (text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text)
