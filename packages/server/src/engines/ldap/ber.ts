/** A value of ASN.1 in the basic encoding, as LDAP sends it. */
export interface BerValue {
  readonly tag: number
  readonly content: Buffer
}

/** @source X.690: a length below 128 is one byte, a longer one says first how many bytes it has */
const LONG_FORM = 0x80
const MAX_LENGTH_BYTES = 4

/** A value of the parts in their order; texts in UTF-8. */
export function ber(tag: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content])
}

/** A number from 0 to 2^31 - 1. */
export function berNumber(tag: number, value: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.writeUInt32BE(value, 1)
  // As short as it goes, but with a bit for the sign.
  const first = bytes.findIndex((byte, index) => byte !== 0 || (bytes[index + 1] ?? LONG_FORM) >= LONG_FORM)
  return ber(tag, bytes.subarray(first))
}

function lengthOf(length: number): Buffer {
  if (length < LONG_FORM) return Buffer.from([length])
  const bytes = Buffer.alloc(MAX_LENGTH_BYTES)
  bytes.writeUInt32BE(length)
  return Buffer.concat([Buffer.from([LONG_FORM | MAX_LENGTH_BYTES]), bytes])
}

/**
 * The value at the beginning of `bytes`, and where it ends; `undefined`: more bytes are needed.
 * @throws Error when it is longer than `maxBytes`, or of no definite length
 */
export function readBer(bytes: Buffer, maxBytes: number): (BerValue & { readonly end: number }) | undefined {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined) return undefined
  const more = first < LONG_FORM ? 0 : first - LONG_FORM
  if (first === LONG_FORM || more > MAX_LENGTH_BYTES) throw new Error('the answer is not encoded as LDAP encodes it')
  if (bytes.length < 2 + more) return undefined
  const length = more === 0 ? first : bytes.readUIntBE(2, more)
  if (length > maxBytes) throw new Error(`the answer is longer than ${String(maxBytes)} bytes`)
  const from = 2 + more
  if (bytes.length < from + length) return undefined
  return { tag, content: bytes.subarray(from, from + length), end: from + length }
}

/** The values that follow each other in the content of another one. @throws Error when the last one is cut off */
export function berValues(content: Buffer): readonly BerValue[] {
  const values: BerValue[] = []
  for (let rest = content; rest.length > 0;) {
    const value = readBer(rest, content.length)
    if (value === undefined) throw new Error('the answer is cut off')
    values.push(value)
    rest = rest.subarray(value.end)
  }
  return values
}

/** The number in the content of a value of at most four bytes. */
export const numberOf = ({ content }: BerValue): number =>
  content.length === 0 || content.length > MAX_LENGTH_BYTES ? Number.NaN : content.readIntBE(0, content.length)
