import type { JsonArray, JsonNode, JsonObject, JsonScalar } from './json-node.ts'

/** Text that is no JSON, or JSON beyond what a policy may be. */
export class JsonError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Deepest nesting that is read; a policy needs seven levels. */
export const MAX_DEPTH = 16

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const HEX = /[0-9A-Fa-f]{4}/y
/** Characters of a string that stand for themselves. */
// oxlint-disable-next-line no-control-regex -- JSON forbids exactly these inside strings
const PLAIN = /[^"\\\u0000-\u001f]+/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/**
 * Reads one JSON value strictly. A key that appears twice in an object is an error.
 * @throws JsonError
 */
export function readJson(text: string): JsonNode {
  const reader = new JsonReader(text)
  const node = reader.value(0)
  reader.finish()
  return node
}

class JsonReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): JsonNode {
    this.#skipSpace()
    if (depth > MAX_DEPTH) throw new JsonError(`the nesting is deeper than ${MAX_DEPTH} levels`, this.#at)
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#array(depth)
      case '"':
        return this.#string()
      case undefined:
      default:
        return this.#word()
    }
  }

  finish(): void {
    this.#skipSpace()
    if (this.#at < this.#text.length) throw new JsonError('there is text behind the end of the document', this.#at)
  }

  #object(depth: number): JsonObject {
    const start = this.#at
    const members = new Map<string, JsonNode>()
    this.#at += 1
    if (this.#take('}')) return { type: 'object', members, start, end: this.#at }
    do {
      this.#skipSpace()
      const key = this.#string()
      if (members.has(key.text)) throw new JsonError(`the key "${key.text}" appears twice`, key.start)
      if (!this.#take(':')) throw new JsonError(`a colon is missing behind the key "${key.text}"`, this.#at)
      members.set(key.text, this.value(depth + 1))
    } while (this.#take(','))
    if (!this.#take('}')) throw new JsonError('a comma or a closing brace is missing', this.#at)
    return { type: 'object', members, start, end: this.#at }
  }

  #array(depth: number): JsonArray {
    const start = this.#at
    const items: JsonNode[] = []
    this.#at += 1
    if (this.#take(']')) return { type: 'array', items, start, end: this.#at }
    do items.push(this.value(depth + 1))
    while (this.#take(','))
    if (!this.#take(']')) throw new JsonError('a comma or a closing bracket is missing', this.#at)
    return { type: 'array', items, start, end: this.#at }
  }

  #string(): JsonScalar {
    const start = this.#at
    if (this.#text[start] !== '"') throw new JsonError('a quoted text is missing', start)
    this.#at += 1
    let text = ''
    for (;;) {
      text += this.#match(PLAIN) ?? ''
      const character = this.#text[this.#at]
      if (character === '"') break
      if (character !== '\\') throw new JsonError('a text is not closed, or holds a control character', this.#at)
      text += this.#escape()
    }
    this.#at += 1
    return { type: 'string', text, start, end: this.#at }
  }

  #escape(): string {
    const at = this.#at
    const letter = this.#text[at + 1] ?? ''
    this.#at = at + 2
    if (letter === 'u') {
      const digits = this.#match(HEX)
      if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined
    if (character === undefined) throw new JsonError('a backslash starts no known escape', at)
    return character
  }

  #word(): JsonScalar {
    const start = this.#at
    const word = this.#match(WORD)
    const text = word ?? this.#match(NUMBER)
    if (text === undefined) throw new JsonError('a value is missing', start)
    const type = word === undefined ? 'number' : word === 'null' ? 'null' : 'boolean'
    return { type, text, start, end: this.#at }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }

  #take(character: string): boolean {
    this.#skipSpace()
    if (this.#text[this.#at] !== character) return false
    this.#at += 1
    return true
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.#at += 1
    }
  }
}
