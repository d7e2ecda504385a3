/** What the child tells its parent. */
export type ChildMessage = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly reason: string }

/** Names inside the column store's directory. */
export const CHILD_FILES = {
  /** The engine's own files. */
  data: 'data',
  config: 'engine.xml',
  /** Process id and start time of the child that owns the directory. */
  owner: 'child.json',
  socket: 'http.sock',
} as const

export const isChildMessage = (value: unknown): value is ChildMessage =>
  typeof value === 'object' && value !== null && 'kind' in value && (value.kind === 'ready' || value.kind === 'failed')
