import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { COLLECTIONS, journalKey, newState, readState } from './journal-records.ts'
import type { Run } from './run.ts'
import { Segment } from './segment.ts'
import type { SegmentFile } from './segment-file.ts'
import type { SegmentJournal } from './segment-journal.ts'
import { SlabPool } from './slab.ts'
import { consistently, Totals } from './totals.ts'

let directory = ''
let records: RecordStore
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'totals-'))
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
const run = (group: number, sub: number, first: number, last: number, rows: number): Run => ({
  group,
  sub,
  firstTimestamp: first,
  lastTimestamp: last,
  ingestionTime: last + 1,
  firstSeq: 0,
  rows,
  textBytes: rows * 10,
  slab: { bytes: undefined, fileStart: 0, length: 0 },
  start: 0,
  end: 0,
})
function segmentOf(firstSeq: number, runs: readonly Run[]): Segment {
  const segment = new Segment(firstSeq, noFile, new SlabPool(), true)
  segment.add({ runs, positions: [], bytes: 1, nextSeq: firstSeq + 100, ingestionTime: 0 })
  return segment
}
/** As much of a journal as totals look at. */
const journalOf = (...segments: readonly Segment[]): SegmentJournal =>
  ({ segments, epoch: 0 }) as unknown as SegmentJournal
const everything = { group: () => false, stream: () => false }

test('what a segment adds is counted once, also when it is committed again', async () => {
  const totals = new Totals(records, 't')
  const segment = segmentOf(100, [run(1, 1, 5, 9, 2), run(1, 2, 3, 4, 1), run(2, 1, 7, 7, 1)])
  for (let time = 0; time < 2; time++) await records.commit(await totals.changesFor(segment, everything))
  expect(await totals.inserted(1)).toEqual({ events: 3, bytes: 3 * 36, first: 3, last: 9, through: 200 })
  expect(await totals.inserted(2)).toEqual({ events: 1, bytes: 36, first: 7, last: 7, through: 200 })
  expect(await totals.insertedStream(1, 1)).toEqual({ first: 5, last: 9, ingestion: 10 })
  await records.commit(await totals.changesFor(segmentOf(200, [run(1, 1, 1, 6, 1)]), everything))
  expect(await totals.inserted(1)).toEqual({ events: 4, bytes: 4 * 36, first: 1, last: 9, through: 300 })
  expect(await totals.insertedStream(1, 1)).toEqual({ first: 1, last: 9, ingestion: 10 })
})

test('deleted groups and streams are not counted again', async () => {
  const totals = new Totals(records, 't')
  const segment = segmentOf(0, [run(1, 1, 5, 9, 2), run(2, 1, 5, 9, 2), run(2, 2, 5, 9, 2)])
  await records.commit(
    await totals.changesFor(segment, { group: (group) => group === 1, stream: (_, stream) => stream === 2 }),
  )
  expect(await totals.inserted(1)).toBeUndefined()
  expect((await totals.inserted(2))?.events).toBe(4)
  expect(await totals.insertedStream(2, 1)).toBeDefined()
  expect(await totals.insertedStream(2, 2)).toBeUndefined()
})

test('events in segments and in the column store are added up, none twice', async () => {
  const totals = new Totals(records, 't')
  const [first, second] = [
    segmentOf(0, [run(1, 1, 5, 9, 2)]),
    segmentOf(100, [run(1, 1, 2, 12, 1), run(9, 1, 0, 0, 5)]),
  ]
  expect(await totals.bytesOf(journalOf(first, second), 1)).toBe(3 * 36)
  await records.commit(await totals.changesFor(first, everything))
  // Committed, but not yet out of memory: it must not count in both places.
  expect(await totals.bytesOf(journalOf(first, second), 1)).toBe(3 * 36)
  expect(await totals.bytesOf(journalOf(second), 1)).toBe(3 * 36)
  expect(await totals.timesOf(journalOf(second), 1, 1)).toEqual({ first: 2, last: 12, ingestion: 13 })
  expect(await totals.timesOf(journalOf(second), 1, 2)).toBeUndefined()
  expect(await totals.bytesOf(journalOf(), 5)).toBe(0)
})

test('two tables keep their totals apart', async () => {
  const [one, other] = [new Totals(records, 'one'), new Totals(records, 'other')]
  await records.commit(await one.changesFor(segmentOf(0, [run(1, 1, 5, 9, 2)]), everything))
  expect(await other.inserted(1)).toBeUndefined()
  expect(one.streamKey(12, 3).id).toBe('one/0000000012/0000000003')
  expect(one.streamKey(12, 3).id.startsWith(one.streamPrefix(12))).toBe(true)
})

test('a record is read again when a segment left memory meanwhile', async () => {
  const journal = { segments: [], epoch: 0 }
  let reads = 0
  const read = async (): Promise<number> => {
    reads += 1
    if (reads < 3) journal.epoch += 1
    return reads
  }
  expect(await consistently(journal as unknown as SegmentJournal, read)).toBe(3)
})

test('a state of a newer version is refused', async () => {
  expect(await readState(records, 't')).toBeUndefined()
  const state = newState('id')
  await records.commit([{ kind: 'put', key: journalKey(COLLECTIONS.state, 't'), value: state }])
  expect(await readState(records, 't')).toEqual(state)
  await records.commit([{ kind: 'put', key: journalKey(COLLECTIONS.state, 't'), value: { ...state, version: 2 } }])
  await expect(readState(records, 't')).rejects.toThrow('was written by a newer version')
})
