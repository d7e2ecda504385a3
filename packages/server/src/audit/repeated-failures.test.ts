import { expect, test } from 'vitest'
import { memoryApiJournal } from '../../../testkit/src/memory-api-journal.ts'
import type { ApiCall } from '#audit/api-call.ts'
import { openAudit } from '#audit/audit.ts'
import { type AccountId, region } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import { ACCOUNT, contextOf, rootOf } from '#services/iam/test-bench.ts'

const HOUR = 60 * 60 * 1_000
const mq = (broker: string, account: AccountId = ACCOUNT): Principal => ({
  kind: 'service',
  account,
  service: 'mq.amazonaws.com',
  sourceArn: `arn:aws:mq:us-east-1:${account}:broker:orders:${broker}`,
  sourceAccount: account,
})

const denial = (changes: Partial<ApiCall> = {}, principal: Principal = mq('b-1'), later = 0): ApiCall => ({
  ctx: { ...contextOf(rootOf(ACCOUNT)), principal, now: Date.UTC(2026, 10, 21) + later },
  eventSource: 'logs.amazonaws.com',
  apiVersion: '2014-03-28',
  eventRegion: region('us-east-1'),
  operation: 'CreateLogStream',
  readOnly: false,
  requestParameters: { logGroupName: 'g', logStreamName: 's' },
  responseElements: undefined,
  fault: { code: 'AccessDeniedException', status: 400, message: 'no' },
  resources: [],
  secrets: [],
  ...changes,
})

/** How many of the calls, made one after the other, are on record. */
async function recorded(...calls: readonly ApiCall[]): Promise<number> {
  const journal = memoryApiJournal()
  const audit = openAudit(journal)
  for (const call of calls) await audit.record(call)
  return journal.events().length
}

test('a service that is refused again and again is on record once an hour', async () => {
  expect(await recorded(denial(), denial({}, mq('b-1'), 5_000), denial({}, mq('b-1'), HOUR - 1))).toBe(1)
  expect(await recorded(denial(), denial({}, mq('b-1'), HOUR))).toBe(2)
})

test.each([
  { name: 'for another resource', other: denial({}, mq('b-2')) },
  { name: 'with other parameters', other: denial({ requestParameters: { logGroupName: 'h', logStreamName: 's' } }) },
  { name: 'of another operation', other: denial({ operation: 'CreateLogGroup' }) },
  {
    name: 'with another code',
    other: denial({ fault: { code: 'ResourceNotFoundException', status: 400, message: '' } }),
  },
  { name: 'that succeeds', other: denial({ fault: undefined }) },
])('a call $name is another one', async ({ other }) => {
  expect(await recorded(denial(), other)).toBe(2)
})

test('people are on record every time', async () => {
  expect(await recorded(denial({}, rootOf(ACCOUNT)), denial({}, rootOf(ACCOUNT)))).toBe(2)
})

test('a failure that could not be recorded is tried again', async () => {
  const full = memoryApiJournal({ capacity: 0 })
  const audit = openAudit(full)
  await expect(audit.record(denial())).rejects.toThrow('takes no more')
  await expect(audit.record(denial())).rejects.toThrow('takes no more')
})

test('what is remembered is bounded: the oldest failure is forgotten first', async () => {
  const many = Array.from({ length: 1_001 }, (_, index) => denial({ requestParameters: { n: index } }))
  expect(
    await recorded(...many, denial({ requestParameters: { n: 1_000 } }), denial({ requestParameters: { n: 0 } })),
  ).toBe(1_002)
})
