import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeEvent, encodeBatch, LOG_TABLE } from '#stores/journals/log-events/log-table.ts'
import { readSegments } from './read-segments.ts'
import { RowLayout } from './row-layout.ts'
import { RowWriter } from './row-writer.ts'
import { Segment } from './segment.ts'
import type { SegmentFile } from './segment-file.ts'
import { firstSeqOf } from './seq.ts'
import { SlabPool } from './slab.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const layout = new RowLayout(LOG_TABLE)

/** A segment of one batch after the other, whose file is a buffer. */
function segmentOf(counter: number, batches: readonly (readonly number[])[]): Segment {
  const pool = new SlabPool()
  const writer = new RowWriter(pool, layout.columns)
  writer.startAt(0)
  for (const [index, times] of batches.entries()) {
    const events = listedEvents(times.map((timestamp) => ({ timestamp, message: `t${String(timestamp)}` })))
    encodeBatch(
      writer,
      { group: 1, stream: index, events },
      { firstSeq: firstSeqOf(counter + index), ingestionTime: 0 },
    )
  }
  writer.mark(firstSeqOf(counter + batches.length), 0, '')
  const written = writer.take()
  const content = Buffer.concat(written.pieces.map(({ buffer, start, end }) => buffer.subarray(start, end)))
  const file: SegmentFile = {
    path: '',
    write: async () => {},
    sync: async () => {},
    read: async (into, position) => void content.copy(into, 0, position),
    size: async () => content.length,
    truncate: async () => {},
    close: async () => {},
    remove: async () => {},
  }
  const segment = new Segment(firstSeqOf(counter), file, pool, true)
  segment.add({
    runs: written.runs,
    positions: [],
    bytes: written.bytes,
    nextSeq: firstSeqOf(counter + batches.length),
    ingestionTime: 0,
  })
  segment.hold(written)
  return segment
}

const times = fc.array(fc.nat(20), { maxLength: 6 }).map((list) => list.toSorted((a, b) => a - b))

test('rows of all segments come in one order, in both directions, from memory and from files, up to where it is enough', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(times, { maxLength: 5 }), { maxLength: 4 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(),
      async (all, descending, limit, evicted) => {
        const segments = all.map((batches, index) => segmentOf(1 + index * 10, batches))
        for (const [index, segment] of segments.entries()) if ((evicted >> index) % 2 === 1) segment.evict()
        const expected = all
          .flatMap((batches, index) =>
            batches.flatMap((list, batch) =>
              list.map((timestamp, row) => ({ timestamp, seq: firstSeqOf(1 + index * 10 + batch) + row })),
            ),
          )
          .toSorted((a, b) => a.timestamp - b.timestamp || a.seq - b.seq)
        const found: { timestamp: number; seq: number }[] = []
        await readSegments({
          segments,
          layout,
          group: 1,
          order: descending ? 'descending' : 'ascending',
          wants: () => true,
          filterFor: () => () => true,
          take: (bytes, row, end) => {
            const { timestamp, seq, message } = decodeEvent(bytes, row, end)
            expect(message).toBe(`t${String(timestamp)}`)
            found.push({ timestamp, seq })
            return found.length < limit
          },
          signal: new AbortController().signal,
        })
        expect(found).toEqual((descending ? expected.toReversed() : expected).slice(0, limit))
      },
    ),
    { numRuns: 80 },
  )
})

test('a reader keeps what it reads: a buffer that is given back is not used again before the reader has left', async () => {
  const segment = segmentOf(1, [[1, 2, 3]])
  segment.retain()
  const [run] = segment.runsOf.get(1) ?? []
  const bytes = run?.slab.bytes
  await segment.leave()
  expect(run?.slab.bytes).toBe(bytes)
  segment.release()
})

test('a signal that has aborted ends a read', async () => {
  const read = readSegments({
    segments: [],
    layout,
    group: 1,
    order: 'ascending',
    wants: () => true,
    filterFor: () => () => true,
    take: () => true,
    signal: AbortSignal.abort(new Error('gone')),
  })
  await expect(read).rejects.toThrow('gone')
})
