import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type MemoryApiJournal, memoryApiJournal } from '../../../../../testkit/src/memory-api-journal.ts'
import { LOGS_BATCH } from '#delivery/sinks/logs/limits.ts'
import { ApiEvents } from '#delivery/sources/api-events/source.ts'
import type { ApiEvent } from '#stores/journals/api-journal.ts'

const event = (record: string, changes: Partial<ApiEvent> = {}): ApiEvent => ({
  account: '111122223333',
  region: 'us-east-1',
  eventTime: 1_000,
  eventId: record,
  eventName: 'CreateBroker',
  readOnly: false,
  username: '',
  accessKeyId: '',
  eventSource: 'amazonmq.amazonaws.com',
  resources: [],
  record,
  ...changes,
})
const sourceOf = (journal: MemoryApiJournal, wants: (record: string) => boolean = () => true): ApiEvents =>
  new ApiEvents({
    kind: 'api-events',
    journal,
    account: '111122223333',
    after: 0,
    wants: ({ record }) => wants(record),
  })

test('the further one of what was delivered and where it begins counts', async () => {
  const source = sourceOf(memoryApiJournal())
  expect(await source.open(undefined)).toEqual({ sequence: 0, position: '' })
  expect(await source.open({ sequence: 7, position: '' })).toMatchObject({ sequence: 7 })
})

test('times never go back within a batch', async () => {
  const journal = memoryApiJournal()
  for (const eventTime of [3_000, 1_000, 5_000]) await journal.append(event(String(eventTime), { eventTime }))
  const { events } = await sourceOf(journal).read({ sequence: 0, position: '' }, LOGS_BATCH)
  expect(events.map(({ timestamp, message }) => [message, timestamp])).toEqual([
    ['3000', 3_000],
    ['1000', 3_000],
    ['5000', 5_000],
  ])
})

test('what is passed over is not read again, and what comes after is noticed', async () => {
  const journal = memoryApiJournal()
  const source = sourceOf(journal, () => false)
  await journal.append(event('a'))
  await journal.append(event('b', { account: '444455556666' }))
  await source.look()
  const { next, events } = await source.read({ sequence: 0, position: '' }, LOGS_BATCH)
  expect({ events, sequence: next.sequence }).toEqual({ events: [], sequence: 2 })
  expect(source.lagBytes(next)).toBe(0)
  const noticed = source.changed(AbortSignal.timeout(4_000)).then(() => 'noticed')
  await journal.append(event('c'))
  expect(await noticed).toBe('noticed')
  await source.look()
  expect(source.lagBytes(next)).toBeGreaterThan(0)
})

test('whatever a batch takes, every wanted event comes once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 200 }),
      async (records, events, bytes) => {
        const journal = memoryApiJournal()
        const wants = (record: string): boolean => record.length % 3 !== 0
        for (const record of records) await journal.append(event(record))
        const source = sourceOf(journal, wants)
        const seen: string[] = []
        for (let mark = await source.open(undefined), more = true; more;) {
          const batch = await source.read(mark, { ...LOGS_BATCH, events, bytes })
          seen.push(...batch.events.map(({ message }) => message))
          expect(batch.next.sequence).toBeGreaterThanOrEqual(mark.sequence)
          ;({ next: mark, more } = batch)
        }
        expect(seen).toEqual(records.filter(wants))
      },
    ),
    { numRuns: 50 },
  )
})
