import type {
  ApiEvent,
  ApiEventFilter,
  ApiEventKey,
  ApiEventQuery,
  ApiJournal,
  StoredApiEvent,
} from '../../server/src/stores/journals/api-journal.ts'

/** An API journal whose content a test may look at. */
export interface MemoryApiJournal extends ApiJournal {
  /** Everything that was taken, oldest first. */
  events(): readonly StoredApiEvent[]
}

export interface MemoryApiJournalOptions {
  /** Appends beyond so many events fail, and enqueued ones are lost; 100,000 when left out. */
  readonly capacity?: number
}

/** An API journal without a disk, for tests of what stands on one. Nothing survives the process. */
export function memoryApiJournal({ capacity = 100_000 }: MemoryApiJournalOptions = {}): MemoryApiJournal {
  const stored: StoredApiEvent[] = []
  let nextSeq = 1

  const take = (event: ApiEvent): boolean => {
    if (stored.length >= capacity) return false
    stored.push({ ...event, seq: nextSeq })
    nextSeq += 1
    return true
  }

  return {
    append: async (event) => {
      if (!take(event)) throw new Error(`the journal holds ${String(capacity)} events and takes no more`)
    },
    enqueue: (event) => {
      take(event)
    },
    query: async (query) => {
      query.signal.throwIfAborted()
      return stored
        .filter((event) => isAskedFor(event, query))
        .toSorted(newestFirst)
        .slice(0, query.limit)
    },
    tail: async ({ account, after, limit, signal }) => {
      signal.throwIfAborted()
      return stored.filter((event) => event.account === account && event.seq > after).slice(0, limit)
    },
    nextSeq: () => nextSeq,
    events: () => [...stored],
    close: async () => {
      stored.length = 0
    },
  }
}

const newestFirst = (a: ApiEventKey, b: ApiEventKey): number => b.eventTime - a.eventTime || b.seq - a.seq

const isAskedFor = (event: StoredApiEvent, { account, region, from, to, filter, before }: ApiEventQuery): boolean =>
  event.category === undefined &&
  event.account === account &&
  event.region === region &&
  event.eventTime >= from &&
  event.eventTime <= to &&
  (before === undefined || newestFirst(before, event) < 0) &&
  (filter === undefined || matches(event, filter))

function matches(event: StoredApiEvent, filter: ApiEventFilter): boolean {
  switch (filter.by) {
    case 'resourceName':
      return event.resources.some(({ name }) => name === filter.value)
    case 'resourceType':
      return event.resources.some(({ type }) => type === filter.value)
    case 'readOnly':
      return event.readOnly === filter.value
    case 'eventId':
    case 'eventName':
    case 'username':
    case 'accessKeyId':
    case 'eventSource':
      return event[filter.by] === filter.value
    default:
      return filter satisfies never
  }
}
