import { afterEach, beforeEach, expect, test } from 'vitest'
import { Groups, recordOf } from '#services/logs/catalog/groups.ts'
import { groupKey } from '#services/logs/catalog/log-group.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
let groups: Groups
const record = {
  number: 1,
  creationTime: 0,
  logGroupClass: 'STANDARD',
  deletionProtectionEnabled: false,
  tags: {},
} as const
beforeEach(async () => {
  bench = openLogsBench()
  groups = new Groups(bench.records)
  await groups.create(bench, 'g', record)
})
afterEach(() => bench.close())

test('a group is found with its name, place and number', async () => {
  expect(await groups.find(bench, 'g')).toEqual({
    ...record,
    name: 'g',
    place: { account: bench.account, region: bench.region },
    revision: 1,
    idPrefix: '0000000001/',
  })
  expect(await groups.find(bench, 'h')).toBeUndefined()
  await expect(groups.require(bench, 'h')).rejects.toThrow('The specified log group does not exist.')
})

test('what is stored is the record, without what belongs to the key', async () => {
  const group = await groups.require(bench, 'g')
  expect(recordOf(group)).toEqual(record)
})

test('a change made elsewhere is seen, although the group is held in memory', async () => {
  await groups.require(bench, 'g')
  expect(groups.held(bench, 'g')?.retentionInDays).toBeUndefined()
  const other = new Groups(bench.records)
  await other.change(bench, 'g', (group) => ({ record: { ...recordOf(group), retentionInDays: 7 } }))
  expect((await groups.require(bench, 'g')).retentionInDays).toBe(7)
  expect(groups.held(bench, 'g')?.retentionInDays).toBe(7)
})

test('a change that lost a race is made again on the newer group', async () => {
  let disturbed = false
  const racing = new Groups({
    ...bench.records,
    commit: async (changes) => {
      if (!disturbed) {
        disturbed = true
        await groups.change(bench, 'g', (group) => ({ record: { ...recordOf(group), tags: { a: '1' } } }))
      }
      await bench.records.commit(changes)
    },
  })
  await racing.change(bench, 'g', (group) => ({ record: { ...recordOf(group), retentionInDays: 7 } }))
  expect(await groups.require(bench, 'g')).toMatchObject({ tags: { a: '1' }, retentionInDays: 7 })
})

test('a change that loses every race is told to try again', async () => {
  const racing = new Groups({
    ...bench.records,
    commit: async (changes) => {
      await groups.change(bench, 'g', (group) => ({ record: recordOf(group) }))
      await bench.records.commit(changes)
    },
  })
  const change = racing.change(bench, 'g', (group) => ({ record: { ...recordOf(group), retentionInDays: 7 } }))
  await expect(change).rejects.toMatchObject({
    code: 'OperationAbortedException',
    message: 'A conflicting operation is currently in progress against this resource. Please try again.',
  })
  expect((await groups.require(bench, 'g')).retentionInDays).toBeUndefined()
})

test('what is committed with a change is committed or refused with it', async () => {
  const extra = groupKey(bench, 'extra')
  const also = [{ kind: 'put', key: extra, value: record, expect: 5 }] as const
  await expect(groups.change(bench, 'g', () => ({ also }))).rejects.toMatchObject({ code: 'OperationAbortedException' })
  expect(await groups.find(bench, 'g')).toBeDefined()
})

test('the groups of all accounts and regions can be listed', async () => {
  expect((await groups.all()).map(({ name, place }) => [name, place.account])).toEqual([['g', bench.account]])
})
