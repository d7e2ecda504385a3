import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { memoryApiJournal } from '../../../../testkit/src/memory-api-journal.ts'
import { pageTokens } from '#kernel/page-token.ts'
import { cloudtrailService } from '#services/cloudtrail/index.ts'
import { ACCOUNT, NOW, rootOf } from '#services/iam/test-bench.ts'
import { region } from '#kernel/ids.ts'

const service = cloudtrailService({
  journal: memoryApiJournal(),
  tokens: pageTokens(randomBytes(32), { now: () => NOW }),
})

test('every operation that was built says who may call it', () => {
  expect(Object.keys(service.access)).toEqual(Object.keys(service.operations))
})

test('looking up events is a recorded read and needs cloudtrail:LookupEvents on *', async () => {
  const { LookupEvents: access } = service.access
  expect(access).toMatchObject({ category: 'management', readOnly: true })
  const { checks } = access ?? {}
  if (typeof checks !== 'function') throw new Error('the operation asks for no permission')
  const scope = { account: ACCOUNT, region: region('us-east-1'), principal: rootOf(ACCOUNT) }
  expect(await checks({}, scope)).toEqual([{ action: 'cloudtrail:LookupEvents', resource: '*' }])
})

test('its records name it and stand in the region of the call', () => {
  expect({ eventSource: service.eventSource, global: service.global }).toEqual({
    eventSource: 'cloudtrail.amazonaws.com',
    global: false,
  })
})
