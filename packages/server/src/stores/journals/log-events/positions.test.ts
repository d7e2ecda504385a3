import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Checkpoint } from '#kernel/call.ts'
import { Segment } from '#stores/journals/segments/segment.ts'
import type { SegmentFile } from '#stores/journals/segments/segment-file.ts'
import type { SegmentJournal } from '#stores/journals/segments/segment-journal.ts'
import { SlabPool } from '#stores/journals/segments/slab.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'
import { Positions } from './positions.ts'

let directory = ''
let records: RecordStore
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'positions-'))
  records = openSqliteRecords({ file: join(directory, 'records.db') })
})
afterEach(async () => {
  await records.close()
  rmSync(directory, { recursive: true, force: true })
})

const noFile: SegmentFile = {
  path: '',
  write: async () => {},
  sync: async () => {},
  read: async () => {},
  size: async () => 0,
  truncate: async () => {},
  close: async () => {},
  remove: async () => {},
}
const at = (source: string, sequence: number): Checkpoint => ({ source, sequence, position: `p${String(sequence)}` })
function segmentWith(...positions: readonly Checkpoint[]): Segment {
  const segment = new Segment(0, noFile, new SlabPool(), true)
  segment.add({ runs: [], positions, bytes: 1, nextSeq: 1, ingestionTime: 0 })
  return segment
}
const journalOf = (...segments: readonly Segment[]): SegmentJournal =>
  ({ segments, epoch: 0 }) as unknown as SegmentJournal

test('the newest segment that knows a source decides', () => {
  const positions = new Positions(records)
  const journal = journalOf(segmentWith(at('a', 1), at('b', 1)), segmentWith(at('a', 1), at('a', 2)))
  expect(positions.durable(journal, 'a')).toEqual(at('a', 2))
  expect(positions.durable(journal, 'b')).toEqual(at('b', 1))
  expect(positions.durable(journal, 'c')).toBe('unknown')
})

test('a source that was never heard of is known as such once it was looked up', async () => {
  const positions = new Positions(records)
  await positions.load(journalOf(), 'a')
  expect(positions.durable(journalOf(), 'a')).toBeUndefined()
})

test('what a segment commits is remembered when it leaves, and found in the records by the next run', async () => {
  const positions = new Positions(records)
  const segment = segmentWith(at('a', 7))
  await positions.load(journalOf(), 'a')
  await records.commit(positions.changesFor(segment))
  positions.left(segment)
  expect(positions.durable(journalOf(), 'a')).toEqual(at('a', 7))
  const next = new Positions(records)
  expect(next.durable(journalOf(), 'a')).toBe('unknown')
  await next.load(journalOf(), 'a')
  expect(next.durable(journalOf(), 'a')).toEqual(at('a', 7))
})

test('only so many sources are remembered; the oldest are looked up again', () => {
  const positions = new Positions(records)
  positions.left(segmentWith(at('first', 1)))
  positions.left(segmentWith(...Array.from({ length: 10_000 }, (_, index) => at(`s${String(index)}`, 1))))
  expect(positions.durable(journalOf(), 'first')).toBe('unknown')
  expect(positions.durable(journalOf(), 's9999')).toEqual(at('s9999', 1))
})
