import fc from 'fast-check'
import { expect, test } from 'vitest'
import { selectEvents } from './select-events.ts'

const range = { from: 10, to: 20 }
const base = { group: 7, hiddenStreams: [], range, watermark: 500, order: 'ascending', limit: 100 } as const

test('a selection is bounded by group, time and watermark', () => {
  expect(selectEvents(base)).toEqual({
    sql: 'SELECT grp, sub, ts, seq, ing, msg FROM log_events WHERE grp = 7 AND ts >= 10 AND ts <= 20 AND seq < 500 ORDER BY ts ASC, seq ASC LIMIT 100',
    parameters: {},
  })
})

test('streams, positions and direction come in as numbers', () => {
  const { sql } = selectEvents({
    ...base,
    streams: [1, 2],
    hiddenStreams: [3],
    order: 'descending',
    after: { timestamp: 11, seq: 3 },
    before: { timestamp: 19, seq: 4 },
  })
  expect(sql).toContain('sub IN (1, 2) AND sub NOT IN (3)')
  expect(sql).toContain('(ts > 11 OR (ts = 11 AND seq > 3)) AND (ts < 19 OR (ts = 19 AND seq < 4))')
  expect(sql).toContain('ORDER BY ts DESC, seq DESC')
  expect(() => selectEvents({ ...base, streams: [Number('1; DROP')] })).toThrow(RangeError)
})

test('what users write is never in the statement, only bound to it', () => {
  const list = fc.array(fc.string({ minLength: 1 }), { maxLength: 3 })
  fc.assert(
    fc.property(list, list, list, (include, exclude, any) => {
      const plain = selectEvents({
        ...base,
        containing: { include: include.map(() => 'x'), exclude: exclude.map(() => 'x'), any: any.map(() => 'x') },
      })
      const { sql, parameters } = selectEvents({ ...base, containing: { include, exclude, any } })
      expect(sql).toBe(plain.sql)
      expect(Object.values(parameters)).toEqual([...include, ...exclude, ...any])
      for (const name of Object.keys(parameters)) expect(sql).toContain(`{${name}:String}`)
    }),
  )
})
