import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCharacter } from '@sluice/testkit/any-character.ts'
import type { ApiEvent, ApiEventQuery } from '#stores/journals/api-journal.ts'
import { RowLayout } from '#stores/journals/segments/row-layout.ts'
import { RowWriter } from '#stores/journals/segments/row-writer.ts'
import { scanSegment } from '#stores/journals/segments/scan-segment.ts'
import { SlabPool } from '#stores/journals/segments/slab.ts'
import { comesAfter, isWanted, selectApiEvents } from './api-query.ts'
import { API_TABLE, checkEvent, decodeEvent, encodeEvent } from './api-table.ts'

const layout = new RowLayout(API_TABLE)
const text = fc.string({ unit: anyCharacter, maxLength: 40 }).map((value) => value.toWellFormed())
const event: fc.Arbitrary<ApiEvent> = fc.record({
  account: text,
  region: text,
  eventTime: fc.integer({ min: 0, max: 2 ** 45 }),
  eventId: text,
  eventName: text,
  readOnly: fc.boolean(),
  username: text,
  accessKeyId: text,
  eventSource: text,
  resources: fc.array(fc.record({ type: text, name: text }), { maxLength: 4 }),
  record: fc.oneof(text, fc.constant('r'.repeat(200_000))),
})

function eventsIn(bytes: Buffer): unknown[] {
  const events = []
  for (let row = 0; row < bytes.length;) {
    const end = layout.skip(bytes, row, bytes.length)
    events.push(decodeEvent(bytes, row, end))
    row = end
  }
  return events
}

test('an event is read back as it was written, and marks fit between', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 6 }), (given) => {
      const writer = new RowWriter(new SlabPool(), layout.columns)
      writer.startAt(0)
      for (const [index, one] of given.entries())
        encodeEvent(writer, one, { firstSeq: (index + 1) * 16_384, ingestionTime: 9 })
      writer.mark(99 * 16_384, 9, '')
      const file = Buffer.concat(writer.take().pieces.map(({ buffer, start, end }) => buffer.subarray(start, end)))
      const scanned = scanSegment(file, layout, { bytes: file, fileStart: 0, length: file.length })
      expect(scanned.damage).toBeUndefined()
      const found = scanned.groups[0]?.runs.flatMap(({ start, end }) => eventsIn(file.subarray(start, end)))
      expect(found).toEqual(given.map((one, index) => ({ ...one, seq: (index + 1) * 16_384 })))
    }),
    { numRuns: 60 },
  )
})

test('a time that is no whole number of milliseconds is refused', () => {
  const [one] = fc.sample(event, 1)
  if (one === undefined) throw new Error('no sample')
  for (const eventTime of [-1, 0.5, Number.NaN]) expect(() => checkEvent({ ...one, eventTime })).toThrow(RangeError)
})

const query: ApiEventQuery = {
  account: "1'1",
  region: 'r',
  from: 5,
  to: 10,
  limit: 3,
  signal: new AbortController().signal,
}

test('what users write is bound to a statement, not part of it', () => {
  const { sql, parameters } = selectApiEvents(
    { ...query, filter: { by: 'username', value: "x' OR 1" }, before: { eventTime: 9, seq: 2 } },
    { from: 5, to: 10 },
    77,
    3,
    true,
  )
  expect(sql).not.toContain("x'")
  expect(sql).toContain('username = {value:String}')
  expect(sql).toContain('seq + 0 < 77 AND (ts < 9 OR (ts = 9 AND seq < 2))')
  expect(parameters).toEqual({ account: "1'1", region: 'r', value: "x' OR 1" })
})

test('an event in memory is wanted by the same rules', () => {
  const stored = {
    account: "1'1",
    region: 'r',
    eventTime: 7,
    seq: 2,
    eventId: 'i',
    eventName: 'n',
    readOnly: true,
    username: 'u',
    accessKeyId: 'k',
    eventSource: 's',
    resources: [{ type: 't', name: 'b' }],
    record: '',
  }
  const wanted = (changed: Partial<ApiEventQuery>): boolean => isWanted(stored, { ...query, ...changed })
  expect(wanted({})).toBe(true)
  expect([wanted({ account: 'x' }), wanted({ region: 'x' }), wanted({ from: 8 }), wanted({ to: 6 })]).toEqual([
    false,
    false,
    false,
    false,
  ])
  expect([wanted({ before: { eventTime: 7, seq: 3 } }), wanted({ before: { eventTime: 7, seq: 2 } })]).toEqual([
    true,
    false,
  ])
  expect([
    wanted({ filter: { by: 'readOnly', value: false } }),
    wanted({ filter: { by: 'resourceType', value: 't' } }),
    wanted({ filter: { by: 'resourceName', value: 't' } }),
  ]).toEqual([false, true, false])
  expect(comesAfter({ eventTime: 1, seq: 2 }, { eventTime: 1, seq: 1 })).toBe(true)
})
