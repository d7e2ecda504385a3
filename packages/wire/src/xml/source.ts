import { isUtf8 } from 'node:buffer'
import { Malformed } from '../reading/cursor.ts'

const NAME_START = 1
const NAME = 2
const BLANK = 4
const COLON = 0x3a
/** What a byte may be; every byte of a character beyond ASCII may belong to a name until the whole name is looked at. */
const KINDS = new Uint8Array(256)
for (let byte = 0x80; byte < 0x100; byte++) KINDS[byte] = NAME_START | NAME
for (let byte = 0x41; byte <= 0x5a; byte++) KINDS[byte] = KINDS[byte + 0x20] = NAME_START | NAME
for (let byte = 0x30; byte <= 0x39; byte++) KINDS[byte] = NAME
for (const byte of [0x2d, 0x2e]) KINDS[byte] = NAME
KINDS[0x5f] = NAME_START | NAME
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) KINDS[byte] = BLANK

/** NameStartChar and NameChar of XML 1.0, fifth edition, without the colon, which separates a prefix. */
const START_CHARS =
  'A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}\\u{2070}-\\u{218F}' +
  '\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}'
const WHOLE_NAME = new RegExp(
  `^[${START_CHARS}][${START_CHARS}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}]*$`,
  'u',
)

/** A name as it is written: `prefix:local`, or `local` with an empty prefix. */
export interface QualifiedName {
  readonly prefix: string
  readonly local: string
}

/**
 * An XML text and the place where its reader is. Markup is ASCII, so that the bytes are walked and only names and values
 * become strings: characters of a string of over a megabyte, which V8 keeps outside its heap, cost six times as much.
 */
export class Source {
  readonly bytes: Buffer
  /** Position of the next byte. */
  at: number

  /** @throws Malformed when `body` is not UTF-8 or holds a character that XML does not have. */
  constructor(body: Uint8Array) {
    this.bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
    if (!isUtf8(body)) throw new Malformed('The request body is not valid UTF-8', '')
    if (holdsForbidden(this.bytes)) this.fail('it holds a character that XML does not allow')
    const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
    this.at = marked ? 3 : 0
  }

  /** @throws Malformed always; `what` never quotes the text. */
  fail(what: string): never {
    throw new Malformed(`The XML is not well-formed: ${what}`, '')
  }

  /** Steps over white space, and says whether there was any. */
  skipBlanks(): boolean {
    const { bytes, at } = this
    while (isBlank(bytes[this.at])) this.at++
    return this.at > at
  }

  /** Steps over `text`, which is ASCII, if it comes next. */
  skip(text: string): boolean {
    const { bytes, at } = this
    for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false
    this.at += text.length
    return true
  }

  /** The position of the next `text`; the text must not end before. */
  find(text: string | number, from: number, what: string): number {
    const found = this.bytes.indexOf(text, from)
    return found === -1 ? this.fail(`${what} has no end`) : found
  }

  text(from: number, to: number): string {
    return this.bytes.toString('utf8', from, to)
  }

  /** Reads a name. */
  name(): QualifiedName {
    const first = this.#part()
    if (this.bytes[this.at] !== COLON) return { prefix: '', local: first }
    this.at++
    const local = this.#part()
    return this.bytes[this.at] === COLON ? this.fail('a name has two colons') : { prefix: first, local }
  }

  #part(): string {
    const { bytes, at } = this
    let end = at
    let all = 0
    if (((KINDS[bytes[at] ?? 0] ?? 0) & NAME_START) === 0)
      this.fail('a name is missing or starts with another character')
    for (let byte = bytes[end]; byte !== undefined && ((KINDS[byte] ?? 0) & NAME) !== 0; byte = bytes[++end])
      all |= byte
    this.at = end
    if (all < 0x80) return bytes.toString('latin1', at, end)
    const name = bytes.toString('utf8', at, end)
    return WHOLE_NAME.test(name) ? name : this.fail('a name holds a character that names can not have')
  }
}

export const isBlank = (byte: number | undefined): boolean => ((KINDS[byte ?? 0] ?? 0) & BLANK) !== 0

/** Control characters, U+FFFE and U+FFFF; `bytes` are valid UTF-8, which has no surrogates. */
function holdsForbidden(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte < 0x20 && !isBlank(byte)) return true
    if (byte === 0xef && bytes[at + 1] === 0xbf && (bytes[at + 2] ?? 0) >= 0xbe) return true
  }
  return false
}
