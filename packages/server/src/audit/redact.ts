/** What stands in a record where a secret was. */
export const MASK = '***'

/** More nesting than any modelled shape has; deeper values are left out rather than followed. */
const MAX_DEPTH = 32

/**
 * A copy of `value` in which every member named in `secrets`, at any depth, is {@link MASK}.
 * Names are compared without case, so a spelling that a client invented does not slip through.
 */
export function redact(value: unknown, secrets: readonly string[]): unknown {
  const names = new Set(secrets.map((name) => name.toLowerCase()))
  return copy(value, names, 0)
}

function copy(value: unknown, names: ReadonlySet<string>, depth: number): unknown {
  if (depth > MAX_DEPTH) return undefined
  if (Array.isArray(value)) return value.map((item) => copy(item, names, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      names.has(name.toLowerCase()) ? MASK : copy(member, names, depth + 1),
    ]),
  )
}
