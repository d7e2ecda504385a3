import { expect, test } from 'vitest'
import { apiJournalContract } from './journal-contract.ts'
import { memoryApiJournal } from './memory-api-journal.ts'

apiJournalContract('in memory', { open: async () => memoryApiJournal(), close: (journal) => journal.close() })

const event = (eventId: string) => ({
  account: '111122223333',
  region: 'us-east-1',
  eventTime: 1,
  eventId,
  eventName: 'CreateBroker',
  readOnly: false,
  username: 'bob',
  accessKeyId: 'AKIABOB',
  eventSource: 'amazonmq.amazonaws.com',
  resources: [],
  record: '{}',
})

test('what was taken can be looked at, oldest first', async () => {
  const journal = memoryApiJournal()
  await journal.append(event('a'))
  journal.enqueue(event('b'))
  expect(journal.events().map(({ eventId, seq }) => [eventId, seq])).toEqual([
    ['a', 1],
    ['b', 2],
  ])
})

test('beyond its capacity an append fails and an enqueued event is lost without a throw', async () => {
  const journal = memoryApiJournal({ capacity: 1 })
  await journal.append(event('a'))
  await expect(journal.append(event('b'))).rejects.toThrow('takes no more')
  journal.enqueue(event('c'))
  expect(journal.events()).toHaveLength(1)
})
