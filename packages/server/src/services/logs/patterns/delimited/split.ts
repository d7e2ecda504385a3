/** A part of a message between blanks. */
export interface Field {
  /** Without the brackets or quotes around it. */
  readonly text: string
  /** Where it begins in the message, brackets or quotes included. */
  readonly start: number
}

const CLOSERS: Readonly<Record<string, string>> = { '[': ']', '"': '"' }

type Find = (text: string, signs: string, from: number) => number

/**
 * The fields of a message: parts between blanks, where `[…]` and `"…"` at the beginning of a field hold it together.
 * What is opened and never closed is an ordinary part. Every sign is looked at a bounded number of times.
 * @param find the search for a closing sign
 */
export function splitFields(message: string, find: Find = (text, signs, from) => text.indexOf(signs, from)): Field[] {
  const fields: Field[] = []
  const neverClosed = new Set<string>()
  let at = 0
  while (at < message.length) {
    if (isBlank(message.charCodeAt(at))) {
      at += 1
      continue
    }
    const start = at
    const closer = CLOSERS[message.charAt(at)]
    if (closer !== undefined && !neverClosed.has(closer)) {
      const end = find(message, closer, at + 1)
      if (end !== -1) {
        fields.push({ text: message.slice(at + 1, end), start })
        at = end + 1
        continue
      }
      neverClosed.add(closer)
    }
    while (at < message.length && !isBlank(message.charCodeAt(at))) at += 1
    fields.push({ text: message.slice(start, at), start })
  }
  return fields
}

/** Space, and tab to carriage return. */
const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)
