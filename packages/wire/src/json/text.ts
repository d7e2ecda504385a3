import { isUtf8 } from 'node:buffer'
import { MAX_DEPTH, Malformed } from '../reading/cursor.ts'
import { scanJson } from './scan.ts'

/** A parsed body together with what is needed to find keys that came twice. */
export interface JsonBody {
  readonly value: unknown
  readonly bytes: Buffer
  /** Strings of its text, keys and values. */
  readonly strings: number
}

/** The same bytes. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

/**
 * Parses a body. Messages never quote it: bodies hold secrets.
 * @throws Malformed when it is not UTF-8 or not JSON.
 */
export function parseJson(body: Uint8Array): JsonBody {
  const bytes = asBuffer(body)
  const { strings, ascii } = scanJson(bytes)
  if (!ascii && !isUtf8(bytes)) throw new Malformed('The request body is not valid UTF-8', '')
  const text = bytes.toString(ascii ? 'latin1' : 'utf8')
  try {
    return { value: JSON.parse(text) as unknown, bytes, strings }
  } catch {
    throw new Malformed('The request body is not valid JSON', '')
  }
}

/**
 * Refuses an object that has the same key twice: JSON.parse keeps the last one silently, and so the text has at least one
 * string more than the tree that came of it.
 * @param met how many strings a reader saw, keys and values; while it saw all that the text has, nothing more is to be done.
 * @throws Malformed when a key came twice, or when parts that no reader looked at are nested too deep.
 */
export function refuseRepeatedKeys({ bytes, strings }: JsonBody, met: number): void {
  if (strings === met) return
  // Members the model does not know, or a repeated key. The tree may have been changed by its reader: parse it again.
  if (countStrings(parseJson(bytes).value, 0) !== strings)
    throw new Malformed('The request body has the same key twice in one object', '')
}

/** Strings of a tree, keys and values. */
function countStrings(value: unknown, depth: number): number {
  if (typeof value === 'string') return 1
  if (typeof value !== 'object' || value === null) return 0
  if (depth > MAX_DEPTH) throw new Malformed(`The request is nested deeper than ${String(MAX_DEPTH)} levels`, '')
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countStrings(item, depth + 1), 0)
  const children = Object.values(value)
  return children.reduce((sum: number, child) => sum + countStrings(child, depth + 1), children.length)
}
