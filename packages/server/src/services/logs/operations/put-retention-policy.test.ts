import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeEach(async () => {
  bench = openLogsBench()
  await bench.call('CreateLogGroup', { logGroupName: 'g', tags: { team: 'x' } })
})
afterEach(() => bench.close())

const retention = async () => (await bench.call('DescribeLogGroups', {})).logGroups?.[0]?.retentionInDays

test('retention can be set, changed and taken away, and nothing else of the group changes', async () => {
  expect(await retention()).toBeUndefined()
  await bench.call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 30 })
  expect(await retention()).toBe(30)
  await bench.call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 3_653 })
  expect(await retention()).toBe(3_653)
  await bench.call('DeleteRetentionPolicy', { logGroupName: 'g' })
  expect(await retention()).toBeUndefined()
  expect((await bench.call('ListTagsLogGroup', { logGroupName: 'g' })).tags).toEqual({ team: 'x' })
})

test.each([0, 2, 31, 364, 9_999, -1, 1.5])('%d days are refused', async (retentionInDays) => {
  await expect(bench.call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays })).rejects.toMatchObject({
    code: 'InvalidParameterException',
    message: expect.stringMatching(/^1 validation error detected: Value '.+' at 'retentionInDays' failed to satisfy/),
  })
  expect(await retention()).toBeUndefined()
})

test('the group must exist', async () => {
  await expect(bench.call('PutRetentionPolicy', { logGroupName: 'no', retentionInDays: 1 })).rejects.toThrow(
    'The specified log group does not exist.',
  )
})

test('changes made at once are all kept', async () => {
  await Promise.all([
    bench.call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 7 }),
    bench.call('TagLogGroup', { logGroupName: 'g', tags: { a: '1' } }),
    bench.call('TagLogGroup', { logGroupName: 'g', tags: { b: '2' } }),
  ])
  expect(await retention()).toBe(7)
  expect((await bench.call('ListTagsLogGroup', { logGroupName: 'g' })).tags).toEqual({ team: 'x', a: '1', b: '2' })
})
