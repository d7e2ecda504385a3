import { expect, test } from 'vitest'
import { memoryApiJournal } from './memory-api-journal.ts'

const event = (eventId: string, eventTime: number) => ({
  account: '111122223333',
  region: 'us-east-1',
  eventTime,
  eventId,
  eventName: 'CreateBroker',
  readOnly: false,
  username: 'bob',
  accessKeyId: 'AKIABOB',
  eventSource: 'amazonmq.amazonaws.com',
  resources: [],
  record: '{}',
})

const all = { account: '111122223333', region: 'us-east-1', from: 0, to: 100, limit: 10, signal: new AbortController().signal }

test('appended and enqueued events are found once, newest first', async () => {
  const journal = memoryApiJournal()
  await journal.append(event('a', 1))
  journal.enqueue(event('b', 3))
  await journal.append(event('c', 2))
  expect((await journal.query(all)).map(({ eventId }) => eventId)).toEqual(['b', 'c', 'a'])
  expect(journal.events().map(({ seq }) => seq)).toEqual([1, 2, 3])
})

test('a page continues before a key, of equal times by seq', async () => {
  const journal = memoryApiJournal()
  for (const id of ['a', 'b', 'c']) await journal.append(event(id, 5))
  const [newest] = await journal.query({ ...all, limit: 1 })
  expect(newest?.eventId).toBe('c')
  expect((await journal.query({ ...all, before: newest! })).map(({ eventId }) => eventId)).toEqual(['b', 'a'])
})

test('beyond its capacity an append fails and an enqueued event is lost without a throw', async () => {
  const journal = memoryApiJournal({ capacity: 1 })
  await journal.append(event('a', 1))
  await expect(journal.append(event('b', 2))).rejects.toThrow('takes no more')
  journal.enqueue(event('c', 3))
  expect(journal.events()).toHaveLength(1)
})
