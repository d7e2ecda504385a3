const SEQUENCE = 0x30
const INTEGER = 0x02

/** A signature as DER: SEQUENCE { INTEGER r, INTEGER s }. */
export function writeSignature(r: bigint, s: bigint): Buffer {
  const body = Buffer.concat([integer(r), integer(s)])
  return Buffer.concat([Buffer.of(SEQUENCE), length(body.length), body])
}

/** `undefined` for anything but strict DER with numbers of at most `bytes` bytes. */
export function readSignature(
  signature: Uint8Array,
  bytes: number,
): { readonly r: bigint; readonly s: bigint } | undefined {
  const text = Buffer.from(signature)
  // Two numbers of 67 bytes at most: a length needs one byte, or one after 0x81.
  const headed = text[1] === 0x81 ? 3 : 2
  const r = readInteger(text, headed, bytes)
  const s = r === undefined ? undefined : readInteger(text, r.end, bytes)
  if (r === undefined || s === undefined || s.end !== text.length) return undefined
  // Whatever is not the one way to write these numbers is refused.
  return writeSignature(r.value, s.value).equals(text) ? { r: r.value, s: s.value } : undefined
}

function readInteger(
  text: Buffer,
  at: number,
  bytes: number,
): { readonly value: bigint; readonly end: number } | undefined {
  const size = text[at + 1] ?? 0
  const end = at + 2 + size
  if (text[at] !== INTEGER || size === 0 || size > bytes + 1 || end > text.length) return undefined
  return { value: BigInt(`0x${text.toString('hex', at + 2, end)}`), end }
}

function integer(value: bigint): Buffer {
  const digits = value.toString(16)
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex')
  const positive = (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes])
  return Buffer.concat([Buffer.of(INTEGER), length(positive.length), positive])
}

const length = (bytes: number): Buffer => (bytes < 0x80 ? Buffer.of(bytes) : Buffer.of(0x81, bytes))
