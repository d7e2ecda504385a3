import { EVENT_OVERHEAD_BYTES, MAX_PAGE_BYTES } from '#services/logs/limits.ts'

/** What an event takes of a page's bytes. */
export const pageBytes = (message: string): number => Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES

/** As many of the events, from the first on, as fit a page; at least one. */
export function fittingPage<E extends { readonly message: string }>(events: readonly E[]): readonly E[] {
  let bytes = 0
  const end = events.findIndex(({ message }) => (bytes += pageBytes(message)) > MAX_PAGE_BYTES)
  return end === -1 ? events : events.slice(0, Math.max(1, end))
}
