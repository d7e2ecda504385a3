import { type Chunk, chunkOf, chunkStandsAt, findChunk } from './chunk.ts'
import type { Meter } from './meter.ts'
import { type Piece, plainText } from './piece.ts'

/**
 * A pattern with `*` (any characters, also none) and `?` (one UTF-16 unit). Matching takes each chunk at its first
 * possible place and never goes back, so its cost does not explode whatever the pattern.
 */
export type Glob =
  | { readonly kind: 'any' }
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'prefix'; readonly text: string }
  | {
      readonly kind: 'chunks'
      readonly first: Chunk
      readonly middle: readonly Chunk[]
      readonly last: Chunk
      readonly minLength: number
    }
  | { readonly kind: 'fixed'; readonly chunk: Chunk }

/** Compiles a pattern whose `*` and `?` are wildcards. */
export const compileGlob = (pattern: string): Glob => compileGlobPieces([{ text: pattern, literal: false }])

/** Compiles a pattern of pieces; wildcards count only outside literal ones. */
export function compileGlobPieces(pieces: readonly Piece[]): Glob {
  const [only, ...more] = pieces
  if (only === undefined || more.length > 0 || only.literal || only.text.length > LONGEST_KNOWN) return compile(pieces)
  const found = known.get(only.text)
  if (found !== undefined) return found
  const glob = compile(pieces)
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(only.text, glob)
  return glob
}

/**
 * The same few patterns, such as `arn`, `aws`, `*` and `logs:Put*`, stand in every policy: compiled once, they also stay
 * close to the processor while many statements are gone through.
 */
const known = new Map<string, Glob>()
const MOST_KNOWN = 2_048
const LONGEST_KNOWN = 40

function compile(pieces: readonly Piece[]): Glob {
  if (!pieces.some(hasWildcard)) return { kind: 'exact', text: plainText(pieces) }
  const chunks = chunksOf(pieces)
  const first = chunks[0] ?? EMPTY
  if (chunks.length === 1) return { kind: 'fixed', chunk: first }
  const last = chunks[chunks.length - 1] ?? EMPTY
  const middle = chunks.slice(1, -1).filter((chunk) => chunk.text !== '')
  if (middle.length === 0 && last.text === '') {
    if (first.text === '') return { kind: 'any' }
    if (first.wild === undefined) return { kind: 'prefix', text: first.text }
  }
  const minLength = first.text.length + last.text.length + middle.reduce((sum, chunk) => sum + chunk.text.length, 0)
  return { kind: 'chunks', first, middle, last, minLength }
}

/** Whether the whole text matches. */
export function matchGlob(glob: Glob, text: string, meter?: Meter): boolean {
  switch (glob.kind) {
    case 'any':
      return true
    case 'exact':
      if (meter !== undefined) meter.steps += glob.text.length
      return glob.text === text
    case 'prefix':
      if (meter !== undefined) meter.steps += glob.text.length
      return text.startsWith(glob.text)
    case 'fixed':
      return glob.chunk.text.length === text.length && chunkStandsAt(glob.chunk, text, 0, meter)
    case 'chunks':
      return matchChunks(glob, text, meter)
    default:
      return glob satisfies never
  }
}

function matchChunks(glob: Extract<Glob, { kind: 'chunks' }>, text: string, meter?: Meter): boolean {
  if (text.length < glob.minLength) return false
  const end = text.length - glob.last.text.length
  if (!chunkStandsAt(glob.first, text, 0, meter) || !chunkStandsAt(glob.last, text, end, meter)) return false
  let at = glob.first.text.length
  for (const chunk of glob.middle) {
    const plain = chunk.wild === undefined && chunk.fallback === undefined && meter === undefined
    const found = plain ? placeOf(chunk.text, text, at) : findChunk(chunk, text, at, end, meter)
    at = found + chunk.text.length
    if (found === -1 || at > end) return false
  }
  return true
}

/** Patterns of many `*` have chunks of one character, which most often stands right there. */
const placeOf = (needle: string, text: string, at: number): number =>
  needle.length === 1 && text.charCodeAt(at) === needle.charCodeAt(0) ? at : text.indexOf(needle, at)

const EMPTY: Chunk = { text: '' }

const hasWildcard = (piece: Piece): boolean => !piece.literal && (piece.text.includes('*') || piece.text.includes('?'))

/** Always one chunk more than there are `*`. */
function chunksOf(pieces: readonly Piece[]): readonly Chunk[] {
  const chunks: Chunk[] = []
  let text = ''
  let wild: boolean[] = []
  for (const piece of pieces) {
    for (let i = 0; i < piece.text.length; i += 1) {
      const character = piece.text.charAt(i)
      if (!piece.literal && character === '*') {
        chunks.push(chunkOf(text, wild))
        text = ''
        wild = []
      } else {
        text += character
        wild.push(!piece.literal && character === '?')
      }
    }
  }
  chunks.push(chunkOf(text, wild))
  return chunks
}
