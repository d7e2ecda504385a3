import type { EventKey, LogQuery, StoredLogEvent } from '#stores/journals/log-journal.ts'

/** A caller that sets no bound of bytes must not be given more at once. */
export const MAX_RESULT_BYTES = 128 * 1024 * 1024

/** Events of one page, in order, and whether it is full. */
export interface Page {
  readonly events: readonly StoredLogEvent[]
  /** True when `limit` or `maxBytes` ended it, so nothing behind its last event matters. */
  readonly full: boolean
}

/** Collects events until a page is full. */
export class PageCollector {
  readonly events: StoredLogEvent[] = []
  readonly #limit: number
  readonly #maxBytes: number
  #bytes = 0

  constructor({ limit, maxBytes = Infinity }: Pick<LogQuery, 'limit' | 'maxBytes'>) {
    this.#limit = limit
    this.#maxBytes = maxBytes
  }

  get full(): boolean {
    return this.events.length >= this.#limit || this.#bytes >= this.#maxBytes
  }

  get missing(): number {
    return this.#limit - this.events.length
  }

  get missingBytes(): number {
    return this.#maxBytes - this.#bytes
  }

  /** @throws Error when the page grows beyond what is held at once */
  add(event: StoredLogEvent, textBytes: number): void {
    this.events.push(event)
    this.#bytes += textBytes
    if (this.#bytes > MAX_RESULT_BYTES) {
      throw new RangeError(`the answer has more than ${String(MAX_RESULT_BYTES)} bytes; ask for fewer events at once`)
    }
  }
}

export const isBefore = (a: EventKey, b: EventKey): boolean =>
  a.timestamp < b.timestamp || (a.timestamp === b.timestamp && a.seq < b.seq)

/** One page of two that are both in order. */
export function mergePages(
  a: readonly StoredLogEvent[],
  b: readonly StoredLogEvent[],
  query: Pick<LogQuery, 'order' | 'limit' | 'maxBytes'>,
): readonly StoredLogEvent[] {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const page = new PageCollector(query)
  const comesFirst = query.order === 'ascending' ? isBefore : (one: EventKey, other: EventKey) => isBefore(other, one)
  for (let left = 0, right = 0; !page.full;) {
    const one = a[left]
    const other = b[right]
    if (one === undefined && other === undefined) break
    const takeOne = other === undefined || (one !== undefined && comesFirst(one, other))
    const event = takeOne ? a[left++] : b[right++]
    if (event !== undefined) page.add(event, query.maxBytes === undefined ? 0 : Buffer.byteLength(event.message))
  }
  return page.events
}
