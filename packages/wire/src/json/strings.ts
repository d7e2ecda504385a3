const QUOTE = 0x22
const BACKSLASH = 0x5c
/** The same byte four times, as one word. */
const QUOTES = 0x22222222
const BACKSLASHES = 0x5c5c5c5c
const ONES = 0x01010101
const LOW_BITS = 0x7f7f7f7f
const HIGH_BITS = ~LOW_BITS
/** Bytes of a body so short that asking whether it has a backslash takes longer than the answer saves. */
const SHORT = 1_024

/**
 * Strings in valid JSON: half of the quotes that no backslash escapes. It looks at all that JSON.parse has looked at, and
 * therefore at four bytes at a time; at bytes, because characters of a string of over a megabyte, which V8 keeps outside
 * its heap, cost many times as much.
 */
export function countWrittenStrings(json: Buffer): number {
  // Words begin at multiples of four; a body that begins elsewhere is copied to where it does.
  const bytes = (json.byteOffset & 3) === 0 ? json : Buffer.from(json)
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
  const escapes = bytes.length < SHORT || bytes.includes(BACKSLASH)
  return (escapes ? countUnescaped(bytes, words) : countAll(bytes, words)) / 2
}

/** All quotes: what is left when all other bytes are taken away. */
function countAll(bytes: Uint8Array, words: Int32Array): number {
  // Lengths are read once: in each turn, that alone takes half as long again.
  const whole = words.length & ~3
  let others = 0
  for (let at = 0; at < whole; at += 4) {
    const marks =
      othersIn(words[at] ?? 0) +
      othersIn(words[at + 1] ?? 0) +
      othersIn(words[at + 2] ?? 0) +
      othersIn(words[at + 3] ?? 0)
    others += Math.imul(marks, ONES) >>> 24
  }
  for (let at = 4 * whole; at < bytes.length; at++) if (bytes[at] !== QUOTE) others++
  return bytes.length - others
}

/** 1 in every byte in which `word` has no quote. */
const othersIn = (word: number): number => (nonZero(word ^ QUOTES) >>> 7) & ONES

/** The high bit of every byte of `word` that is not zero; the other bits say nothing. */
const nonZero = (word: number): number => ((word & LOW_BITS) + LOW_BITS) | word

function countUnescaped(bytes: Uint8Array, words: Int32Array): number {
  const { length } = words
  let quotes = 0
  let escaped = false
  for (let at = 0; at < length; at++) {
    const word = words[at] ?? 0
    const other = word ^ BACKSLASHES
    // True for every word with a backslash and for a few others.
    if (((other - ONES) & ~other & HIGH_BITS) !== 0 || escaped) {
      for (let shift = 0; shift < 32; shift += 8) {
        const byte = (word >>> shift) & 0xff
        if (escaped) escaped = false
        else if (byte === QUOTE) quotes++
        else escaped = byte === BACKSLASH
      }
    } else {
      const marks = ~nonZero(word ^ QUOTES) & HIGH_BITS
      if (marks !== 0) quotes += Math.imul(marks >>> 7, ONES) >>> 24
    }
  }
  for (let at = 4 * length; at < bytes.length; at++) {
    if (escaped) escaped = false
    else if (bytes[at] === QUOTE) quotes++
    else escaped = bytes[at] === BACKSLASH
  }
  return quotes
}
