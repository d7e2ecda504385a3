import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoredLogEvent } from '#stores/journals/log-journal.ts'
import { isBefore, MAX_RESULT_BYTES, mergePages, PageCollector } from './page.ts'

const event = (timestamp: number, seq: number, message = 'm'): StoredLogEvent => ({
  group: 1,
  stream: 1,
  ingestionTime: 0,
  timestamp,
  seq,
  message,
})

test('two ordered lists become one ordered page of at most as many events as asked for', () => {
  const times = fc.array(fc.tuple(fc.nat(9), fc.nat(3)), { maxLength: 20 })
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 25 }), fc.boolean(), (list, limit, descending) => {
      const all = list
        .map(([timestamp], index) => event(timestamp, index))
        .toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
      if (descending) all.reverse()
      const left = all.filter(({ seq }) => (list[seq]?.[1] ?? 0) > 1)
      const right = all.filter(({ seq }) => (list[seq]?.[1] ?? 0) <= 1)
      const expected = all.slice(
        0,
        Math.max(limit, left.length === 0 ? right.length : right.length === 0 ? left.length : limit),
      )
      const order = descending ? 'descending' : 'ascending'
      expect(mergePages(left, right, { order, limit })).toEqual(expected)
    }),
  )
})

test('a merged page ends where its bytes do, behind the event that crosses them', () => {
  const left = [event(1, 1, 'aaaa'), event(3, 3, 'cccc')]
  const right = [event(2, 2, 'éé'), event(4, 4, 'dddd')]
  const page = (maxBytes: number) =>
    mergePages(left, right, { order: 'ascending', limit: 10, maxBytes }).map(({ seq }) => seq)
  expect(page(1)).toEqual([1])
  expect(page(8)).toEqual([1, 2])
  expect(page(9)).toEqual([1, 2, 3])
})

test('a page says how much is missing, and does not grow beyond what is held at once', () => {
  const page = new PageCollector({ limit: 3, maxBytes: 10 })
  page.add(event(1, 1), 4)
  expect([page.full, page.missing, page.missingBytes]).toEqual([false, 2, 6])
  page.add(event(1, 2), 6)
  expect(page.full).toBe(true)
  const endless = new PageCollector({ limit: 1_000 })
  expect(() => endless.add(event(1, 1), MAX_RESULT_BYTES + 1)).toThrow('ask for fewer events')
})
