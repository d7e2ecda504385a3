import { expect, test } from 'vitest'
import { Backlogged } from '../../server/src/stores/journals/log-journal.ts'
import { TODAY, logJournalContract, settableClock } from './journal-contract.ts'
import { memoryLogJournal } from './memory-log-journal.ts'
import { listedEvents } from '../../server/src/stores/journals/listed-events.ts'

const shared = settableClock(TODAY)
logJournalContract(
  'in memory',
  { open: async () => memoryLogJournal({ clock: shared }), close: (journal) => journal.close() },
  shared,
)

const signal = new AbortController().signal
const open = (capacityBytes?: number) => {
  let now = 1_000
  const journal = memoryLogJournal({
    clock: { now: () => now },
    ...(capacityBytes === undefined ? {} : { capacityBytes }),
  })
  const put = (messages: readonly string[], stream = 1, group = 1) =>
    journal.append({
      group,
      stream,
      events: listedEvents(messages.map((message, i) => ({ timestamp: 10 + i, message }))),
    })
  const all = async (group = 1) =>
    (await journal.query({ group, order: 'ascending', limit: 100, signal })).map(({ message }) => message)
  return { journal, put, all, setNow: (value: number) => (now = value) }
}

test('events come in the order of (timestamp, seq), and ingestion time never goes back', async () => {
  const { journal, put, all, setNow } = open()
  await put(['a', 'b'])
  setNow(500)
  const { ingestionTime, firstSeq } = await put(['c', 'd'], 2)
  expect(ingestionTime).toBe(1_000)
  expect(firstSeq % 2 ** 14).toBe(0)
  expect(await all()).toEqual(['a', 'c', 'b', 'd'])
  const newest = await journal.query({ group: 1, order: 'descending', limit: 2, signal })
  expect(newest.map(({ message }) => message)).toEqual(['d', 'b'])
})

test('every bound of a query is kept', async () => {
  const { journal, put } = open()
  await put(['zero', 'one', 'two', 'three'])
  const find = async (query: object) =>
    (await journal.query({ group: 1, order: 'ascending', limit: 9, signal, ...query })).map(({ message }) => message)
  const [first] = await journal.query({ group: 1, order: 'ascending', limit: 1, signal })
  expect(await find({ from: 11, to: 13 })).toEqual(['one', 'two'])
  expect(await find({ after: first })).toEqual(['one', 'two', 'three'])
  expect(await find({ before: first })).toEqual([])
  expect(await find({ streams: [2] })).toEqual([])
  expect(await find({ maxBytes: 5 })).toEqual(['zero', 'one'])
  expect(await find({ containing: { include: ['o'], exclude: ['w'], any: ['z', 'n'] } })).toEqual(['zero', 'one'])
})

test('a repeated checkpoint changes nothing, an empty batch may carry one', async () => {
  const { journal, all } = open()
  const events = listedEvents([{ timestamp: 1, message: 'm' }])
  const checkpoint = { source: 's', sequence: 2, position: 'p' }
  expect((await journal.append({ group: 1, stream: 1, events, checkpoint })).repeated).toBe(false)
  expect((await journal.append({ group: 1, stream: 1, events, checkpoint })).repeated).toBe(true)
  const later = { source: 's', sequence: 3, position: 'q' }
  await journal.append({ group: 1, stream: 1, events: listedEvents([]), checkpoint: later })
  expect(await journal.checkpoint('s')).toEqual(later)
  expect(await journal.checkpoint('t')).toBeUndefined()
  expect(await all()).toEqual(['m'])
})

test('streams have times, groups have bytes', async () => {
  const { journal, put } = open()
  expect(await journal.streamTimes(1, 1)).toBeUndefined()
  await put(['é', 'b'])
  expect(await journal.streamTimes(1, 1)).toEqual({
    firstEventTimestamp: 10,
    lastEventTimestamp: 11,
    lastIngestionTime: 1_000,
  })
  expect(await journal.storedBytes(1)).toBe(3 + 2 * 26)
})

test('what was deleted is gone, and stays gone', async () => {
  const { journal, put, all } = open()
  await put(['a', 'b'], 1)
  await put(['c'], 2)
  await journal.deleteBefore(1, 11)
  expect(await all()).toEqual(['b'])
  await put(['d'], 2)
  await journal.deleteStream(1, 2)
  expect(await all()).toEqual(['b'])
  await journal.deleteGroup(1)
  await put(['late'])
  expect(await all()).toEqual([])
  expect(await journal.storedBytes(1)).toBe(0)
  expect(await journal.streamTimes(1, 1)).toBeUndefined()
})

test('it takes no more than its capacity', async () => {
  const { put, all } = open(60)
  await put(['a', 'b'])
  await expect(put(['too much'])).rejects.toBeInstanceOf(Backlogged)
  expect(await all()).toEqual(['a', 'b'])
})
