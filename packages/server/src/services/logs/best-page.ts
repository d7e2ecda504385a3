import type { RecordPage } from '#services/logs/describe-page.ts'

export interface BestPage<T> {
  /** Everything there is, in any order, in parts. */
  readonly parts: AsyncIterable<readonly T[]>
  readonly limit: number
  /** The position where an earlier page ended. */
  readonly after: string | undefined
  /** What the items are ordered by; no two have the same. */
  readonly position: (item: T) => string
  readonly wanted: (item: T) => boolean
}

/** One page in another order than the one things are stored in. Looks at everything, but holds only the page. */
export async function bestPage<T>({ parts, limit, after, position, wanted }: BestPage<T>): Promise<RecordPage<T>> {
  let best: readonly { readonly item: T; readonly at: Buffer }[] = []
  const passed = after === undefined ? undefined : Buffer.from(after)
  for await (const part of parts) {
    const candidates = part
      .filter(wanted)
      .map((item) => ({ item, at: Buffer.from(position(item)) }))
      .filter(({ at }) => passed === undefined || Buffer.compare(at, passed) > 0)
    // One more than a page, to know whether there is another. By UTF-8 bytes, as the record store orders.
    best = [...best, ...candidates].toSorted((a, b) => Buffer.compare(a.at, b.at)).slice(0, limit + 1)
  }
  const found = best.slice(0, limit).map(({ item }) => item)
  const last = found.at(-1)
  return best.length > limit && last !== undefined ? { found, next: position(last) } : { found }
}
