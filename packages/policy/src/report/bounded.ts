/** Most values that a report lists, and the most characters of one. */
const MAX_VALUES = 20
const MAX_CHARACTERS = 512

/** Values as reports keep them: a policy or a request may hold thousands, a stored decision may not. */
export function bounded(values: readonly string[]): readonly string[] {
  const shown = values.slice(0, MAX_VALUES).map(shorten)
  return values.length > MAX_VALUES ? [...shown, `… and ${values.length - MAX_VALUES} more`] : shown
}

const shorten = (text: string): string => (text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text)
