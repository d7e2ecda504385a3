import type { Meter } from './meter.ts'

/** The part of a pattern between two `*`: characters, some of which may be `?`. */
export interface Chunk {
  readonly text: string
  /** 1 where the character is a `?`; absent when there is none. */
  readonly wild?: Uint8Array
  /** For long chunks without `?`: how far a partial match falls back (Knuth, Morris and Pratt). */
  readonly fallback?: Int32Array
}

/** Up to this length plain comparison is used: its cost a position is bounded by it. */
const SHORT = 32

export function chunkOf(text: string, wild: readonly boolean[]): Chunk {
  if (wild.includes(true)) return { text, wild: Uint8Array.from(wild, Number) }
  return text.length > SHORT ? { text, fallback: fallbackOf(text) } : { text }
}

/** Whether the chunk stands at `at`. */
export function chunkStandsAt(chunk: Chunk, text: string, at: number, meter?: Meter): boolean {
  if (meter !== undefined) meter.steps += chunk.text.length
  if (chunk.wild === undefined) return text.startsWith(chunk.text, at)
  if (at + chunk.text.length > text.length) return false
  for (let i = 0; i < chunk.text.length; i += 1) {
    if (chunk.wild[i] === 0 && text.charCodeAt(at + i) !== chunk.text.charCodeAt(i)) return false
  }
  return true
}

/** The first place from `from` on where the chunk ends at or before `end`; -1 when there is none. */
export function findChunk(chunk: Chunk, text: string, from: number, end: number, meter?: Meter): number {
  if (end - from < chunk.text.length) return -1
  if (chunk.fallback !== undefined) return findLong(chunk.text, chunk.fallback, text, from, end, meter)
  if (chunk.text.length > SHORT) return findLongWild(chunk, text, from, end, meter)
  return chunk.wild === undefined
    ? findShort(chunk.text, text, from, end, meter)
    : findShortWild(chunk, text, from, end, meter)
}

function findShort(needle: string, text: string, from: number, end: number, meter?: Meter): number {
  const found = text.indexOf(needle, from)
  const place = found === -1 || found + needle.length > end ? -1 : found
  if (meter !== undefined) meter.steps += ((found === -1 ? text.length : found) - from + 1) * needle.length
  return place
}

function findShortWild(chunk: Chunk, text: string, from: number, end: number, meter?: Meter): number {
  for (let at = from; at + chunk.text.length <= end; at += 1) if (chunkStandsAt(chunk, text, at, meter)) return at
  return -1
}

function findLong(
  needle: string,
  fallback: Int32Array,
  text: string,
  from: number,
  end: number,
  meter?: Meter,
): number {
  let matched = 0
  let steps = 0
  let place = -1
  for (let at = from; at < end; at += 1) {
    const code = text.charCodeAt(at)
    steps += 1
    while (matched > 0 && needle.charCodeAt(matched) !== code) {
      matched = fallback[matched - 1] ?? 0
      steps += 1
    }
    if (needle.charCodeAt(matched) === code) matched += 1
    if (matched === needle.length) {
      place = at + 1 - matched
      break
    }
  }
  if (meter !== undefined) meter.steps += steps
  return place
}

/**
 * Shift-And over words of 32 pattern positions: bit i of `state` says that the first i + 1 characters of the chunk
 * match what was read last. The cost is text × chunk / 32 whatever the two hold.
 */
function findLongWild(chunk: Chunk, text: string, from: number, end: number, meter?: Meter): number {
  const words = Math.ceil(chunk.text.length / 32)
  const { any, byCode } = masksOf(chunk, words)
  const state = new Uint32Array(words)
  const lastWord = words - 1
  const lastBit = 1 << ((chunk.text.length - 1) % 32)
  if (meter !== undefined) meter.steps += chunk.text.length
  for (let at = from; at < end; at += 1) {
    const mask = byCode.get(text.charCodeAt(at)) ?? any
    let carry = 1
    for (let word = 0; word < words; word += 1) {
      const before = state[word] ?? 0
      state[word] = ((before << 1) | carry) & (mask[word] ?? 0)
      carry = before >>> 31
    }
    if (meter !== undefined) meter.steps += words
    if (((state[lastWord] ?? 0) & lastBit) !== 0) return at + 1 - chunk.text.length
  }
  return -1
}

function masksOf(chunk: Chunk, words: number): { any: Uint32Array; byCode: ReadonlyMap<number, Uint32Array> } {
  const any = new Uint32Array(words)
  for (let i = 0; i < chunk.text.length; i += 1) if (chunk.wild?.[i] === 1) setBit(any, i)
  const byCode = new Map<number, Uint32Array>()
  for (let i = 0; i < chunk.text.length; i += 1) {
    if (chunk.wild?.[i] === 1) continue
    const code = chunk.text.charCodeAt(i)
    const mask = byCode.get(code) ?? any.slice()
    setBit(mask, i)
    byCode.set(code, mask)
  }
  return { any, byCode }
}

function setBit(mask: Uint32Array, position: number): void {
  mask[position >>> 5] = (mask[position >>> 5] ?? 0) | (1 << (position & 31))
}

function fallbackOf(text: string): Int32Array {
  const fallback = new Int32Array(text.length)
  let matched = 0
  for (let i = 1; i < text.length; i += 1) {
    while (matched > 0 && text.charCodeAt(i) !== text.charCodeAt(matched)) matched = fallback[matched - 1] ?? 0
    if (text.charCodeAt(i) === text.charCodeAt(matched)) matched += 1
    fallback[i] = matched
  }
  return fallback
}
