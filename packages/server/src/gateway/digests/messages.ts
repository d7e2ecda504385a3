import type { DigestName } from '@sluice/wire'

/** The most of a body that waits for its thread, in bytes: as much as is gathered for the disk. No more of it is read then. */
export const MOST_AHEAD_BYTES: number = 1024 * 1024

/** What a digest thread is told. What belongs to one body comes in order; its memory comes along. */
export type ToThread = { readonly body: number } & (
  | { readonly kind: 'open'; readonly names: readonly DigestName[] }
  | { readonly kind: 'take'; readonly parts: readonly Uint8Array[] }
  | { readonly kind: 'end' | 'drop' }
)

/** What it answers: how many bytes it took and needs no more, and in the end the digests. */
export type FromThread = { readonly body: number } & (
  | { readonly kind: 'taken'; readonly bytes: number }
  | { readonly kind: 'digests'; readonly digests: readonly (readonly [DigestName, Uint8Array])[] }
)
