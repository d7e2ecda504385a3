import { isUtf8 } from 'node:buffer'
import { MAX_DEPTH, Malformed } from '../reading/cursor.ts'

/** A parsed body together with its bytes, which are needed to find keys that came twice. */
export interface JsonBody {
  readonly value: unknown
  readonly bytes: Uint8Array
}

/**
 * Parses a body. Messages never quote it: bodies hold secrets.
 * @throws Malformed when it is not UTF-8 or not JSON.
 */
export function parseJson(body: Uint8Array): JsonBody {
  if (!isUtf8(body)) throw new Malformed('The request body is not valid UTF-8', '')
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8')
  try {
    return { value: JSON.parse(text) as unknown, bytes: body }
  } catch {
    throw new Malformed('The request body is not valid JSON', '')
  }
}

/**
 * Refuses an object that has the same key twice: JSON.parse keeps the last one silently.
 * @param met how many keys a reader saw; while it saw all that the text has, nothing more is to be done.
 * @throws Malformed when a key came twice, or when parts that no reader looked at are nested too deep.
 */
export function refuseRepeatedKeys(body: JsonBody, met: number): void {
  const written = countWrittenKeys(body.bytes)
  if (written === met) return
  // Members the model does not know, or a repeated key. The tree may have been changed by its reader: parse it again.
  if (countKeys(parseJson(body.bytes).value, 0) !== written)
    throw new Malformed('The request body has the same key twice in one object', '')
}

/**
 * Keys in valid JSON: strings that a colon follows. Works on the bytes, since V8 searches a string of over a megabyte,
 * which Node keeps outside its heap, a thousand times slower once the search is optimised.
 */
export function countWrittenKeys(json: Uint8Array): number {
  let keys = 0
  const end = json.length
  for (let at = 0; at < end; at++) {
    if (json[at] !== QUOTE) continue
    let byte = json[++at]
    while (byte !== QUOTE && at < end) {
      if (byte === BACKSLASH) at++
      byte = json[++at]
    }
    let next = at + 1
    while (isBlank(json[next])) next++
    if (json[next] === COLON) keys++
  }
  return keys
}

const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

function countKeys(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth > MAX_DEPTH) throw new Malformed(`The request is nested deeper than ${String(MAX_DEPTH)} levels`, '')
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countKeys(item, depth + 1), 0)
  const children = Object.values(value)
  return children.reduce((sum: number, child) => sum + countKeys(child, depth + 1), children.length)
}
