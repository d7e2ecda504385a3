import { type Glob, compileGlobPieces, matchGlob } from './glob.ts'
import type { Meter } from './meter.ts'
import { type Piece, plainText } from './piece.ts'

/** `arn:partition:service:region:account:resource`; the resource may hold further colons. */
export const ARN_PARTS = 6

/** A concrete ARN in its six parts. */
export interface Arn {
  readonly text: string
  readonly parts: readonly string[]
}

/** A compiled ARN pattern without variables. */
export type ArnMatcher =
  | { readonly kind: 'any' }
  | { readonly kind: 'never' }
  | { readonly kind: 'exact'; readonly text: string }
  /** One glob a part. */
  | { readonly kind: 'parts'; readonly globs: readonly Glob[] }
  /** Fewer than six parts, the last one ending in `*`: that one runs over the colons that remain. */
  | { readonly kind: 'open'; readonly globs: readonly Glob[]; readonly rest: Glob }

/** `undefined`: the text is no ARN. */
export function splitArn(text: string): Arn | undefined {
  if (!text.startsWith('arn:')) return undefined
  const parts = splitParts(text)
  return parts.length === ARN_PARTS ? { text, parts } : undefined
}

/** Cuts at the first colons, five of them when not told otherwise. */
export function splitParts(text: string, cuts: number = ARN_PARTS - 1): readonly string[] {
  const parts: string[] = []
  let from = 0
  for (let colon = text.indexOf(':'); colon !== -1 && parts.length < cuts; colon = text.indexOf(':', from)) {
    parts.push(text.slice(from, colon))
    from = colon + 1
  }
  parts.push(text.slice(from))
  return parts
}

/** Compiles a pattern; colons and wildcards in literal pieces are plain characters. */
export function compileArn(pieces: readonly Piece[]): ArnMatcher {
  const written = plainText(pieces)
  const last = pieces.findLast(({ text }) => text !== '')
  if (written === '*' && last?.literal === false) return { kind: 'any' }
  const parts = splitPieces(pieces)
  if (plainText(parts[0] ?? []) !== 'arn') return { kind: 'never' }
  const globs = parts.map(compileGlobPieces)
  if (parts.length === ARN_PARTS) {
    return globs.every((glob) => glob.kind === 'exact') ? { kind: 'exact', text: written } : { kind: 'parts', globs }
  }
  const rest = globs[globs.length - 1]
  const open = last?.literal === false && last.text.endsWith('*')
  return open && rest !== undefined ? { kind: 'open', globs: globs.slice(0, -1), rest } : { kind: 'never' }
}

/** Cuts pieces at the first five colons that are not literal. */
function splitPieces(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const parts: Piece[][] = [[]]
  for (const piece of pieces) {
    const cuts = piece.literal ? [piece.text] : splitParts(piece.text, ARN_PARTS - parts.length)
    for (const [i, text] of cuts.entries()) {
      if (i > 0) parts.push([])
      if (text !== '') parts[parts.length - 1]?.push({ text, literal: piece.literal })
    }
  }
  return parts
}

/** Whether an ARN matches, part by part. */
export function matchArn(matcher: ArnMatcher, arn: Arn, meter?: Meter): boolean {
  switch (matcher.kind) {
    case 'any':
      return true
    case 'never':
      return false
    case 'exact':
      return matcher.text === arn.text
    case 'parts':
      return partsMatch(matcher.globs, arn, meter)
    case 'open': {
      const known = matcher.globs.length
      if (!partsMatch(matcher.globs, arn, meter)) return false
      return matchGlob(matcher.rest, arn.parts.slice(known).join(':'), meter)
    }
    default:
      return matcher satisfies never
  }
}

/** The last part first: it tells most resources apart. */
function partsMatch(globs: readonly Glob[], arn: Arn, meter: Meter | undefined): boolean {
  for (let i = globs.length - 1; i >= 0; i -= 1) {
    const glob = globs[i]
    if (glob !== undefined && !matchGlob(glob, arn.parts[i] ?? '', meter)) return false
  }
  return true
}
