/** Texts that one pass looks for. */
export const TEXTS_A_PASS = 32
/** Bytes of the longest text that a pass can look for. */
export const MAX_TEXT_BYTES = 4_096

/** Texts as find.wat reads them. */
export interface Plan {
  /** What lies from the beginning of its memory on. */
  readonly memory: Uint8Array
  /** A bit for each bucket that has texts. */
  readonly buckets: number
}

const BUCKETS = 8
/** Buckets that hold one common text each. */
const MAX_ALONE = 5
/** Bytes of a text that are looked for before the rest of it. */
const FIRST_BYTES = 3
const ONES = 0x70
const BUCKET_TEXTS = 0x90
const PLACES = 0x100
const TEXTS = 0x200
/** Texts are read in blocks. */
const BLOCK = 16

/**
 * Puts texts into buckets: texts that begin alike into the same, so that few bytes look like any of theirs; and common ones
 * into one of their own, which is not looked for any further in a message once it is found.
 * @param texts as UTF-8; at most {@link TEXTS_A_PASS}
 * @param common a bit for each text that many messages contain
 */
export function planOf(texts: readonly Uint8Array[], common: number): Plan {
  const places = texts.map((text) => Math.ceil(text.length / BLOCK) * BLOCK)
  const memory = new Uint8Array(TEXTS + places.reduce((sum, size) => sum + size, 0))
  const words = new Uint32Array(memory.buffer, 0, TEXTS / 4)
  memory.fill(0xff, ONES, ONES + BLOCK)
  let at = TEXTS
  for (const [number, text] of texts.entries()) {
    memory.set(text, at)
    words.set([at, text.length], PLACES / 4 + 2 * number)
    at += places[number] as number
  }
  const buckets = bucketsOf(texts, common)
  for (const [bucket, numbers] of buckets.entries()) {
    for (const number of numbers) {
      words[BUCKET_TEXTS / 4 + bucket] = (words[BUCKET_TEXTS / 4 + bucket] as number) | (1 << number)
      mark(memory, texts[number] as Uint8Array, 1 << bucket)
    }
  }
  return { memory, buckets: (1 << buckets.length) - 1 }
}

/** Numbers of texts, bucket by bucket. */
function bucketsOf(texts: readonly Uint8Array[], common: number): readonly (readonly number[])[] {
  const isCommon = (number: number): boolean => (common & (1 << number)) !== 0
  const numbers = [...texts.keys()].toSorted((a, b) => Buffer.compare(texts[a] as Uint8Array, texts[b] as Uint8Array))
  const alone = numbers.filter(isCommon).slice(0, MAX_ALONE)
  const others = numbers.filter((number) => !alone.includes(number))
  const together = Math.ceil(others.length / (BUCKETS - alone.length))
  const buckets = alone.map((number) => [number])
  for (let from = 0; from < others.length; from += together) buckets.push(others.slice(from, from + together))
  return buckets
}

/** Notes in the tables that bytes like the first of a text may be those of a bucket; behind a shorter text any byte may be. */
function mark(tables: Uint8Array, text: Uint8Array, bucket: number): void {
  for (let place = 0; place < FIRST_BYTES; place++) {
    const byte = text[place]
    for (let half = 0; half < 16; half++) {
      const low = 32 * place + half
      if (byte === undefined || (byte & 15) === half) tables[low] = (tables[low] as number) | bucket
      if (byte === undefined || byte >> 4 === half) tables[low + 16] = (tables[low + 16] as number) | bucket
    }
  }
}
