import { expect, test } from 'vitest'
import { metricJournalContract, metricPoint } from './metric-journal-contract.ts'
import { memoryMetricJournal } from './memory-metric-journal.ts'

metricJournalContract('in memory', { open: async () => memoryMetricJournal(), close: (journal) => journal.close() })

test('what was taken can be looked at, and what does not fit is refused whole', async () => {
  const journal = memoryMetricJournal(2)
  const [a, b, c] = [1, 2, 3].map((value) => metricPoint({ value }))
  if (a === undefined || b === undefined || c === undefined) throw new Error('no points')
  await journal.publish([a])
  await expect(journal.publish([b, c])).rejects.toThrow('full')
  expect(journal.points).toEqual([a])
})
