import { expect, test } from 'vitest'
import { RecentRows } from '#stores/records/sqlite/recent-rows.ts'

const row = (value: string) => ({ revision: 1, value })

test('what was kept is found until somebody says that it changed', () => {
  const rows = new RecentRows()
  rows.keep('a', row('1'))
  expect(rows.get('a')).toEqual(row('1'))
  rows.keep('a', row('2'))
  expect(rows.get('a')).toEqual(row('2'))
  rows.forget('a')
  rows.forget('a')
  expect(rows.get('a')).toBeUndefined()
})

test('the rows that were not read for longest make room, and a long one is not kept', () => {
  const rows = new RecentRows()
  const text = 'x'.repeat(65_000)
  const names = Array.from({ length: 200 }, (_, n) => `row ${String(n)}`)
  rows.keep('read', row(text))
  for (const name of names) {
    rows.keep(name, row(text))
    rows.get('read')
  }
  const kept = names.filter((name) => rows.get(name) !== undefined)
  expect(kept).toEqual(names.slice(-kept.length))
  expect(kept.length * text.length).toBeLessThan(4_194_304)
  expect(kept.length).toBeGreaterThan(60)
  expect(rows.get('read')).toEqual(row(text))
  rows.keep('read', row('x'.repeat(100_000)))
  expect(rows.get('read')).toBeUndefined()
})

test('rows that are forgotten make room for others', () => {
  const rows = new RecentRows()
  const text = 'x'.repeat(60_000)
  rows.keep('first', row(text))
  for (let n = 0; n < 200; n++) {
    rows.keep('other', row(text))
    rows.forget('other')
  }
  expect(rows.get('first')).toEqual(row(text))
})
