import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Scan, scanPage } from '#services/logs/events/scan.ts'
import { MAX_EVENTS_SCANNED, SCAN_CHUNK_EVENTS } from '#services/logs/limits.ts'
import type { EventKey, LogJournal, LogQuery, StoredLogEvent } from '#stores/journals/log-journal.ts'
import { memoryLogJournal } from '../../../../../testkit/src/memory-log-journal.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const clock = { now: () => 1_000 }
const signal = new AbortController().signal

async function journalOf(
  events: readonly { readonly timestamp: number; readonly message: string }[],
): Promise<LogJournal> {
  const journal = memoryLogJournal({ clock, capacityBytes: Infinity })
  await journal.append({
    group: 1,
    stream: 1,
    events: listedEvents(events.toSorted((a, b) => a.timestamp - b.timestamp)),
  })
  return journal
}

async function everyPage(scan: Omit<Scan<StoredLogEvent>, 'from'>) {
  const events: StoredLogEvent[] = []
  const sizes: number[] = []
  let from: EventKey | undefined
  do {
    const page = await scanPage({ ...scan, ...(from === undefined ? {} : { from }) })
    events.push(...page.events)
    sizes.push(page.events.length)
    expect(page.events.length).toBeLessThanOrEqual(scan.limit)
    from = page.next
  } while (from !== undefined)
  return { messages: events.map(({ message }) => message), sizes }
}

const query = (order: LogQuery['order']) => ({ group: 1, order, signal })
const keep = (wanted: (message: string) => boolean) => async (events: readonly StoredLogEvent[]) =>
  events.filter(({ message }) => wanted(message))

test('all pages together are the query, whatever the page size, direction and selection', async () => {
  const event = fc.record({ timestamp: fc.nat({ max: 5 }), message: fc.constantFrom('a', 'b', 'c') })
  const settings = fc.record({
    limit: fc.integer({ min: 1, max: 5 }),
    order: fc.constantFrom<LogQuery['order']>('ascending', 'descending'),
    wanted: fc.constantFrom('abc', 'ab', 'c', ''),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 12 }), settings, async (events, { limit, order, wanted }) => {
      const journal = await journalOf(events)
      const isWanted = (message: string) => wanted.includes(message)
      const { messages } = await everyPage({
        journal,
        query: query(order),
        limit,
        exact: wanted === 'abc',
        select: keep(isWanted),
      })
      const inOrder = events.toSorted((a, b) => a.timestamp - b.timestamp).map(({ message }) => message)
      expect(order === 'ascending' ? messages : messages.toReversed()).toEqual(inOrder.filter(isWanted))
    }),
  )
})

test('the end is known at once when the last page is exactly full', async () => {
  const journal = await journalOf([
    { timestamp: 1, message: 'a' },
    { timestamp: 2, message: 'b' },
  ])
  const { sizes } = await everyPage({
    journal,
    query: query('ascending'),
    limit: 2,
    exact: true,
    select: async (all) => all,
  })
  expect(sizes).toEqual([2])
})

test('a page ends before 1 MB is exceeded, also when the journal sends more than it was asked for', async () => {
  const events = Array.from({ length: 5 }, (_, i) => ({ timestamp: i, message: String(i).repeat(400_000) }))
  const journal = await journalOf(events)
  const generous: LogJournal = { ...journal, query: ({ maxBytes: _hint, ...rest }) => journal.query(rest) }
  for (const each of [journal, generous]) {
    for (const exact of [true, false]) {
      const all = { journal: each, query: query('ascending'), limit: 10, exact, select: keep(() => true) }
      const { messages, sizes } = await everyPage(all)
      expect(messages.map((message) => message[0])).toEqual(['0', '1', '2', '3', '4'])
      expect(Math.max(...sizes)).toBe(2)
    }
  }
})

test('a call looks through a bounded number of events and then hands back a place to go on from', async () => {
  const count = MAX_EVENTS_SCANNED + SCAN_CHUNK_EVENTS
  const last = { timestamp: count, seq: count, group: 1, stream: 1, ingestionTime: 1, message: 'needle' }
  let asked = 0
  // Far too many events to hold: each is made when it is asked for.
  const endless: LogJournal = {
    ...memoryLogJournal({ clock }),
    query: async ({ after, limit }: LogQuery) => {
      const first = after === undefined ? 1 : after.seq + 1
      asked += 1
      return Array.from({ length: Math.min(limit, count - first + 1) }, (_, i) =>
        first + i === count ? last : { ...last, timestamp: first + i, seq: first + i, message: 'hay' },
      )
    },
  }
  const scan = {
    journal: endless,
    query: query('ascending'),
    limit: 5,
    exact: false,
    select: keep((message) => message === 'needle'),
  }
  const first = await scanPage(scan)
  expect(first).toEqual({ events: [], next: { timestamp: MAX_EVENTS_SCANNED, seq: MAX_EVENTS_SCANNED } })
  expect(asked).toBe(MAX_EVENTS_SCANNED / SCAN_CHUNK_EVENTS)
  const { messages } = await everyPage(scan)
  expect(messages).toEqual(['needle'])
})

test('an exact query fetches no more than the page needs', async () => {
  const limits: number[] = []
  const journal = await journalOf([{ timestamp: 1, message: 'a' }])
  const watched: LogJournal = {
    ...journal,
    query: (asked) => {
      limits.push(asked.limit)
      return journal.query(asked)
    },
  }
  await scanPage({ journal: watched, query: query('ascending'), limit: 3, exact: true, select: async (all) => all })
  expect(limits).toEqual([4])
})
