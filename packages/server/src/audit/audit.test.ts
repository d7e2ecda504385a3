import { expect, test } from 'vitest'
import { memoryApiJournal } from '../../../testkit/src/memory-api-journal.ts'
import type { ApiCall } from '#audit/api-call.ts'
import { openAudit } from '#audit/audit.ts'
import { region } from '#kernel/ids.ts'
import type { ApiJournal } from '#stores/journals/api-journal.ts'
import { ACCOUNT, contextOf, rootOf } from '#services/iam/test-bench.ts'

const call = (readOnly: boolean): ApiCall => ({
  ctx: contextOf(rootOf(ACCOUNT)),
  eventSource: 'logs.amazonaws.com',
  apiVersion: '2014-03-28',
  eventRegion: region('us-east-1'),
  operation: readOnly ? 'DescribeLogGroups' : 'CreateLogGroup',
  readOnly,
  requestParameters: { logGroupName: 'g' },
  responseElements: undefined,
  fault: undefined,
  resources: [],
  secrets: [],
})

/** A journal whose appends end when the test says so. */
function slowJournal(): { readonly journal: ApiJournal; readonly finish: () => void } {
  const memory = memoryApiJournal()
  const durable = Promise.withResolvers<void>()
  const journal: ApiJournal = {
    ...memory,
    append: async (event) => {
      await durable.promise
      await memory.append(event)
    },
  }
  return { journal, finish: () => durable.resolve() }
}

test('a change is answered only when its record is durable', async () => {
  const { journal, finish } = slowJournal()
  let recorded = false
  const recording = openAudit(journal)
    .record(call(false))
    .then(() => {
      recorded = true
    })
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  expect(recorded).toBe(false)
  finish()
  await recording
  expect(recorded).toBe(true)
})

test('a read joins the next commit and is not waited for', async () => {
  const { journal } = slowJournal()
  await openAudit(journal).record(call(true))
})

test('a change that cannot be recorded fails', async () => {
  const full = memoryApiJournal({ capacity: 0 })
  await expect(openAudit(full).record(call(false))).rejects.toThrow('takes no more')
})

test('both kinds can be found afterwards', async () => {
  const journal = memoryApiJournal()
  const audit = openAudit(journal)
  await audit.record(call(false))
  await audit.record(call(true))
  expect(journal.events().map(({ eventName, readOnly }) => ({ eventName, readOnly }))).toEqual([
    { eventName: 'CreateLogGroup', readOnly: false },
    { eventName: 'DescribeLogGroups', readOnly: true },
  ])
})
