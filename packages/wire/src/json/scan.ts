import { type InstructionMemory, instructions } from '../instructions.ts'
import { SCAN_WASM } from './scan.wasm.ts'

/** What one look at the bytes of a JSON text tells. */
export interface Scan {
  /** Strings in it, keys and values, if it is valid JSON: half of the quotes that no backslash escapes. */
  readonly strings: number
  /** Whether each byte is a character of its own. */
  readonly ascii: boolean
}

/** Where the strings of a JSON text are. The arrays are used again for the next text. */
export interface JsonIndex {
  /** Places of the quotes that no backslash escapes, in order. */
  readonly quotes: Uint32Array
  /** Places of the backslashes that escape something, in order, and then one that lies behind everything. */
  readonly escapes: Uint32Array
  /** Whether each byte is a character of its own. */
  readonly ascii: boolean
}

interface Exports {
  readonly memory: InstructionMemory
  /** How many backslashes the last scan found. */
  readonly escapes: { readonly value: number }
  readonly scan: (length: number, escaped: number, base: number) => number
}

/** Bytes that one scan looks at, which is half of the most backslashes that escape and that it can find. */
const WINDOW_BYTES = 65_536
/** Quotes that are indexed: enough for 10,000 flat structures, and little enough to be kept. */
const MAX_PLACES = 65_536
/** Enough of a body to see that its texts are full of escapes, and little enough to be looked at in vain. */
const FIRST_LOOK_BYTES = 1_024
const BEHIND_ALL = 0xffff_ffff

// Sixteen bytes at a time, which JavaScript can not do: of a body of one event, reading its bytes one by one took as long as a
// fifth of JSON.parse. The instructions stand in scan.wat.
const { memory, escapes, scan } = instructions<Exports>(SCAN_WASM)
const window = new Uint8Array(memory.buffer, 0, WINDOW_BYTES)
const quotesFound = new Uint32Array(memory.buffer, WINDOW_BYTES, WINDOW_BYTES)
const escapesFound = new Uint32Array(memory.buffer, 5 * WINDOW_BYTES, WINDOW_BYTES / 2)

/** Looks at all bytes once; a body larger than the memory of the instructions goes through it in parts. */
export function scanJson(bytes: Uint8Array): Scan {
  if (bytes.length <= WINDOW_BYTES) {
    window.set(bytes)
    const found = scan(bytes.length, 0, 0)
    return { strings: found >>> 4, ascii: (found & 2) === 0 }
  }
  let quotes = 0
  const flags = scanParts(bytes, WINDOW_BYTES, (found) => {
    quotes += found >>> 3
    return true
  })
  return { strings: quotes / 2, ascii: isAscii(flags) }
}

let places: { readonly quotes: Uint32Array; readonly escapes: Uint32Array } | undefined

/**
 * Finds all strings. `undefined`: there are too many of them, or control characters, or more escapes than quotes up to
 * some place, as in texts that are JSON themselves: JSON.parse reads those faster than one by one.
 */
export function indexJson(bytes: Uint8Array): JsonIndex | undefined {
  const known = (places ??= { quotes: new Uint32Array(MAX_PLACES), escapes: new Uint32Array(MAX_PLACES + 1) })
  let quotes = 0
  let escaped = 0
  const flags = scanParts(bytes, FIRST_LOOK_BYTES, (found) => {
    const more = found >>> 3
    const moreEscaped = escapes.value
    if ((found & 4) !== 0 || quotes + more > MAX_PLACES || escaped + moreEscaped > quotes + more) return false
    known.quotes.set(quotesFound.subarray(0, more), quotes)
    known.escapes.set(escapesFound.subarray(0, moreEscaped), escaped)
    quotes += more
    escaped += moreEscaped
    return true
  })
  if (flags === undefined) return undefined
  known.escapes[escaped] = BEHIND_ALL
  return {
    quotes: known.quotes.subarray(0, quotes),
    escapes: known.escapes.subarray(0, escaped + 1),
    ascii: isAscii(flags),
  }
}

/** Scans part by part and passes on what each scan found, until it is enough: then `undefined`. */
function scanParts(bytes: Uint8Array, firstBytes: number, take: (found: number) => boolean): number | undefined {
  let found = 0
  let flags = 0
  let end = firstBytes
  for (let at = 0; at < bytes.length; at = end, end += WINDOW_BYTES) {
    const part = bytes.subarray(at, end)
    window.set(part)
    found = scan(part.length, found & 1, at)
    flags |= found
    if (!take(found)) return undefined
  }
  return flags
}

const isAscii = (flags = 0): boolean => (flags & 2) === 0
