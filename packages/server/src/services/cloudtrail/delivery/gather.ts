import type { TrailScope } from '#services/cloudtrail/delivery/delivery-state.ts'
import { isInScope } from '#services/cloudtrail/delivery/in-scope.ts'
import { FILE_BYTES, FILE_EVENTS, READ_EVENTS } from '#services/cloudtrail/delivery/limits.ts'
import type { Trail } from '#services/cloudtrail/trails/trail.ts'
import type { ApiJournal, StoredApiEvent } from '#stores/journals/api-journal.ts'

export interface Gathered {
  /** The trail's events, in the order in which they were taken. */
  readonly events: readonly StoredApiEvent[]
  /** Last seq that was read. */
  readonly to: number
  /** There may be more at once. */
  readonly more: boolean
}

interface Reading {
  readonly after: number
  /** Not beyond it; left out: as far as there is something, and as one file takes. */
  readonly to?: number
  readonly scope: TrailScope
  readonly signal: AbortSignal
}

/** A trail's next events from the journal. */
export async function gather(
  journal: ApiJournal,
  { account, home }: Pick<Trail, 'account' | 'home'>,
  { after, to: end, scope, signal }: Reading,
): Promise<Gathered> {
  const events: StoredApiEvent[] = []
  let to = after
  let bytes = 0
  for (;;) {
    const page = await journal.tail({ account, after: to, limit: READ_EVENTS, signal })
    for (const event of page) {
      if (end !== undefined && event.seq > end) return { events, to, more: false }
      to = event.seq
      if (!isInScope(event, home, scope)) continue
      events.push(event)
      bytes += event.record.length
      if (end === undefined && (events.length >= FILE_EVENTS || bytes >= FILE_BYTES)) return { events, to, more: true }
    }
    if (page.length < READ_EVENTS) return { events, to, more: false }
  }
}
