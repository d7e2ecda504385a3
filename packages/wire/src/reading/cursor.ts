/** Failures beyond these are counted by no one: a request may break a rule in each of its ten thousand events. */
const MAX_FAILURES = 100
const MAX_SHOWN_VALUE = 2_048
/** Deeper than any modelled input; recursive shapes end here. */
export const MAX_DEPTH = 64

/** A request that cannot be read; `path` says where, in AWS's notation. */
export class Malformed extends Error {
  readonly path: string

  constructor(text: string, path: string) {
    super(text)
    this.name = 'Malformed'
    this.path = path
  }
}

/** One constraint that one value breaks. */
export interface Failure {
  readonly path: string
  readonly text: string
}

/**
 * Where the reader is and what it found wrong. A reader at depth `d` has its own place in `path[0..d)`; names are set by
 * the reader above, so that reading allocates nothing for a path until something is wrong.
 */
export class Cursor {
  /** Member names, map keys as text, list positions (from 0) as numbers. */
  readonly path: (string | number)[] = []
  readonly failures: Failure[] = []
  /** Strings met in JSON, keys and values. */
  strings = 0

  /** @throws Malformed always. */
  malformed(depth: number, text: string): never {
    throw new Malformed(text, this.at(depth))
  }

  /** @throws Malformed when the input is nested deeper than any input can be. */
  descend(depth: number): void {
    if (depth > MAX_DEPTH) this.malformed(1, `The request is nested deeper than ${String(MAX_DEPTH)} levels`)
  }

  /** Notes a broken constraint. `value` is shown as AWS shows it; `undefined` leaves it out, as for secrets. */
  reject(depth: number, constraint: string, value: unknown): void {
    if (this.failures.length >= MAX_FAILURES) return
    const path = this.at(depth)
    const shown = value === undefined ? '' : value === null ? ' null' : ` '${shorten(show(value))}'`
    this.failures.push({ path, text: `Value${shown} at '${path}' failed to satisfy constraint: ${constraint}` })
  }

  at(depth: number): string {
    return this.path
      .slice(0, depth)
      .map((segment) => (typeof segment === 'number' ? `${String(segment + 1)}.member` : segment))
      .join('.')
  }
}

const shorten = (text: string): string =>
  text.length <= MAX_SHOWN_VALUE ? text : `${text.slice(0, MAX_SHOWN_VALUE)}...`

/** Java's way of printing, which is what AWS's messages hold; stops once there is enough to shorten. */
function show(value: unknown): string {
  if (value instanceof Uint8Array) return `blob of ${String(value.length)} bytes`
  if (Array.isArray(value)) return `[${showAll(value, (item) => show(item))}]`
  if (typeof value !== 'object' || value === null) return String(value)
  return `{${showAll(Object.entries(value), ([key, item]) => `${key}=${show(item)}`)}}`
}

function showAll<T>(items: readonly T[], one: (item: T) => string): string {
  let text = ''
  for (const item of items) {
    text += text === '' ? one(item) : `, ${one(item)}`
    if (text.length > MAX_SHOWN_VALUE) break
  }
  return text
}
