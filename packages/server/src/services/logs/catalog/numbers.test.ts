import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordNumbers } from '#services/logs/catalog/numbers.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeEach(() => {
  bench = openLogsBench()
})
afterEach(() => bench.close())

test('numbers are never given out twice, not to callers at once, not after a restart, not beside another process', async () => {
  const [first, beside] = [recordNumbers(bench.records), recordNumbers(bench.records)]
  const given = await Promise.all(Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? first : beside).next('group')))
  const restarted = recordNumbers(bench.records)
  given.push(await restarted.next('group'), await restarted.next('group'))
  expect(new Set(given).size).toBe(302)
  expect(Math.min(...given)).toBe(1)
})

test('groups and streams are counted apart', async () => {
  const numbers = recordNumbers(bench.records)
  expect(await numbers.next('group')).toBe(1)
  expect(await numbers.next('stream')).toBe(1)
  expect(await numbers.next('group')).toBe(2)
})

test('when the numbers of the journal are used up, that is said instead of starting over', async () => {
  const key = { collection: 'logs.number', account: 'platform', region: 'aws-global', id: 'group' }
  await bench.records.commit([{ kind: 'put', key, value: { next: 4_294_000_000 } }])
  await expect(recordNumbers(bench.records).next('group')).rejects.toThrow('every group number has been used')
})

test('a failure of the records is told to everybody who waits, and the next caller tries again', async () => {
  let broken = true
  const numbers = recordNumbers({
    ...bench.records,
    commit: (changes) => (broken ? Promise.reject(new Error('disk full')) : bench.records.commit(changes)),
  })
  const results = await Promise.allSettled([numbers.next('group'), numbers.next('group')])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  broken = false
  expect(await numbers.next('group')).toBe(1)
})
