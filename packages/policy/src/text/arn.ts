import { type Glob, compileGlob, compileGlobPieces, matchGlob } from './glob.ts'
import type { Meter } from './meter.ts'
import type { Piece } from './piece.ts'

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

/** Cuts at the first five colons. */
export function splitParts(text: string): readonly string[] {
  const parts: string[] = []
  let from = 0
  for (let colon = text.indexOf(':'); colon !== -1 && parts.length < ARN_PARTS - 1; colon = text.indexOf(':', from)) {
    parts.push(text.slice(from, colon))
    from = colon + 1
  }
  parts.push(text.slice(from))
  return parts
}

/** Compiles a pattern whose last part may hold literal pieces. */
export function compileArn(pieces: readonly Piece[]): ArnMatcher {
  const first = pieces[0]
  if (pieces.length === 1 && first !== undefined && !first.literal) return compileArnText(first.text)
  const { head, resource } = splitPieces(pieces)
  return head === undefined ? { kind: 'never' } : partsMatcher(head, compileGlobPieces(resource))
}

function compileArnText(text: string): ArnMatcher {
  if (text === '*') return { kind: 'any' }
  const parts = splitParts(text)
  if (parts[0] !== 'arn') return { kind: 'never' }
  if (!text.includes('*') && !text.includes('?')) {
    return parts.length === ARN_PARTS ? { kind: 'exact', text } : { kind: 'never' }
  }
  const last = compileGlob(parts[parts.length - 1] ?? '')
  if (parts.length === ARN_PARTS) return partsMatcher(parts.slice(0, -1), last)
  return text.endsWith('*') ? { kind: 'open', globs: parts.slice(0, -1).map(compileGlob), rest: last } : { kind: 'never' }
}

/** Compiles the sixth part apart, for patterns whose variables are put in later. */
export const partsMatcher = (head: readonly string[], resource: Glob): ArnMatcher => ({
  kind: 'parts',
  globs: [...head.map(compileGlob), resource],
})

/** The five parts before the resource, and the pieces of the resource. Colons in literal pieces separate nothing. */
function splitPieces(pieces: readonly Piece[]): { readonly head?: readonly string[]; readonly resource: readonly Piece[] } {
  const first = pieces[0]
  if (first === undefined || first.literal || !first.text.startsWith('arn:')) return { resource: [] }
  const parts = splitParts(first.text)
  if (parts.length !== ARN_PARTS) return { resource: [] }
  return { head: parts.slice(0, -1), resource: [{ text: parts[ARN_PARTS - 1] ?? '', literal: false }, ...pieces.slice(1)] }
}

export function matchArn(matcher: ArnMatcher, arn: Arn, meter?: Meter): boolean {
  switch (matcher.kind) {
    case 'any':
      return true
    case 'never':
      return false
    case 'exact':
      return matcher.text === arn.text
    case 'parts':
      return matcher.globs.every((glob, i) => matchGlob(glob, arn.parts[i] ?? '', meter))
    case 'open': {
      const known = matcher.globs.length
      if (!matcher.globs.every((glob, i) => matchGlob(glob, arn.parts[i] ?? '', meter))) return false
      return matchGlob(matcher.rest, arn.parts.slice(known).join(':'), meter)
    }
    default:
      return matcher satisfies never
  }
}
