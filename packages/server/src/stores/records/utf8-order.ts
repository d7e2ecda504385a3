const LAST_CODE_POINT = 0x10_ff_ff
const FIRST_SURROGATE = 0xd8_00
const LAST_SURROGATE = 0xdf_ff

/** Negative, zero or positive as `a` comes before, at or after `b` by UTF-8 bytes (JavaScript's own order is by UTF-16 units). */
export const compareUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/**
 * The smallest text after every text that starts with `prefix`, by UTF-8 bytes: the exclusive end of a prefix range.
 * `undefined`: there is none, since `prefix` is empty or holds nothing but U+10FFFF. `prefix` must be well-formed.
 */
export function prefixEnd(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0)
  while (points.at(-1) === LAST_CODE_POINT) points.pop()
  const last = points.pop()
  if (last === undefined) return undefined
  const next = last + 1 === FIRST_SURROGATE ? LAST_SURROGATE + 1 : last + 1
  return String.fromCodePoint(...points, next)
}
