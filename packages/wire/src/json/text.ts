import { isUtf8 } from 'node:buffer'
import { MAX_DEPTH, Malformed } from '../reading/cursor.ts'

/** A parsed body together with its text, which is needed to find keys that came twice. */
export interface JsonBody {
  readonly value: unknown
  readonly text: string
}

/**
 * Parses a body. Messages never quote it: bodies hold secrets.
 * @throws Malformed when it is not UTF-8 or not JSON.
 */
export function parseJson(body: Uint8Array): JsonBody {
  if (!isUtf8(body)) throw new Malformed('The request body is not valid UTF-8', '')
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8')
  try {
    return { value: JSON.parse(text) as unknown, text }
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
  const written = countWrittenKeys(body.text)
  if (written === met) return
  // Members the model does not know, or a repeated key. The tree may have been changed by its reader: parse it again.
  if (countKeys(JSON.parse(body.text), 0) !== written) throw new Malformed('The request body has the same key twice in one object', '')
}

/** Keys in valid JSON: strings that a colon follows. Jumps from quote to quote, which costs a third of parsing. */
export function countWrittenKeys(text: string): number {
  let keys = 0
  let slash = text.indexOf('\\')
  let open = text.indexOf('"')
  while (open !== -1) {
    let close = text.indexOf('"', open + 1)
    while (slash !== -1 && slash < close) {
      const after = slash + 2
      if (close < after) close = text.indexOf('"', after)
      slash = text.indexOf('\\', after)
    }
    let next = close + 1
    let code = text.charCodeAt(next)
    while (code === 0x20 || (code >= 0x09 && code <= 0x0d)) code = text.charCodeAt(++next)
    if (code === 0x3a) keys++
    open = text.indexOf('"', next)
  }
  return keys
}

function countKeys(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth > MAX_DEPTH) throw new Malformed(`The request is nested deeper than ${String(MAX_DEPTH)} levels`, '')
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countKeys(item, depth + 1), 0)
  const children = Object.values(value)
  return children.reduce((sum: number, child) => sum + countKeys(child, depth + 1), children.length)
}
