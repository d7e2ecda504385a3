import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCharacter } from '@sluice/testkit/any-character.ts'
import { type DecodedEvent, decodeEvents, encodeBatch, LOG_TABLE } from '#stores/journals/log-events/log-table.ts'
import { encodePositions } from './mark-payload.ts'
import { RowLayout } from './row-layout.ts'
import { RowWriter, roomFor, type WrittenGroup } from './row-writer.ts'
import { scanSegment } from './scan-segment.ts'
import { firstSeqOf } from './seq.ts'
import { SLAB_BYTES, SlabPool } from './slab.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const layout = new RowLayout(LOG_TABLE)
const newWriter = (): RowWriter => {
  const writer = new RowWriter(new SlabPool(), layout.columns)
  writer.startAt(0)
  return writer
}
const bytesOf = ({ pieces }: WrittenGroup): Buffer =>
  Buffer.concat(pieces.map(({ buffer, start, end }) => buffer.subarray(start, end)))
const events = (found: readonly DecodedEvent[]): unknown[] => found.map(({ event }) => event)

const text = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 60 }).map((value) => value.toWellFormed()),
  fc.constantFrom(126, 127, 128, 129, 16_383, 16_384, 70_000).map((length) => 'x'.repeat(length)),
  fc.constantFrom(42, 43, 63, 64, 127, 5_461, 5_462).map((length) => 'é'.repeat(length)),
  fc.constantFrom(31, 32, 4_095, 4_096).map((length) => '🎉'.repeat(length)),
)
const batch = fc.record({
  group: fc.integer({ min: 0, max: 0xffff_fffe }),
  stream: fc.integer({ min: 0, max: 0xffff_ffff }),
  start: fc.integer({ min: 0, max: 2 ** 45 }),
  texts: fc.array(text, { maxLength: 8 }),
})

test('what is written in groups is read back by the scan: rows, runs and marks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(batch, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 2 ** 46 }),
      (groups, ingestionTime) => {
        const writer = newWriter()
        const written: WrittenGroup[] = []
        const expected: unknown[] = []
        let counter = 2 ** 38
        for (const [number, batches] of groups.entries()) {
          for (const { group, stream, start, texts } of batches) {
            const firstSeq = firstSeqOf(counter++)
            const rows = texts.map((message, index) => ({ timestamp: start + index, message }))
            encodeBatch(writer, { group, stream, events: listedEvents(rows) }, { firstSeq, ingestionTime })
            expected.push(
              ...rows.map((row, index) => ({ ...row, group, stream, ingestionTime, seq: firstSeq + index })),
            )
          }
          writer.mark(
            firstSeqOf(counter),
            ingestionTime,
            encodePositions([{ source: 's', sequence: number, position: 'é' }]),
          )
          written.push(writer.take())
        }
        const file = Buffer.concat(written.map(bytesOf))
        const scanned = scanSegment(file, layout, { bytes: file, fileStart: 0, length: file.length })
        expect(scanned.damage).toBeUndefined()
        expect(scanned.goodBytes).toBe(file.length)
        expect(scanned.groups.map(({ positions }) => positions)).toEqual(
          groups.map((_, sequence) => [{ source: 's', sequence, position: 'é' }]),
        )
        expect(scanned.groups.at(-1)?.nextSeq).toBe(firstSeqOf(counter))
        expect(scanned.groups.at(-1)?.ingestionTime).toBe(ingestionTime)
        const runs = scanned.groups.flatMap((group) => group.runs)
        expect(runs.flatMap((run) => events(decodeEvents(file.subarray(run.start, run.end), layout)))).toEqual(expected)
        // The writer knew the same runs, in slabs instead of the file.
        const inSlabs = written.flatMap((group) => group.runs)
        expect(
          inSlabs.flatMap(({ slab, start, end }) =>
            events(decodeEvents(slab.bytes?.subarray(start, end) ?? Buffer.alloc(0), layout)),
          ),
        ).toEqual(expected)
        expect(inSlabs.reduce((sum, run) => sum + run.textBytes, 0)).toBe(
          runs.reduce((sum, run) => sum + run.textBytes, 0),
        )
        for (const { slab, start, end, ...run } of inSlabs) {
          expect(file.subarray(slab.fileStart + start, slab.fileStart + end)).toEqual(slab.bytes?.subarray(start, end))
          expect(run.rows).toBeGreaterThan(0)
        }
      },
    ),
    { numRuns: 25 },
  )
})

test('a batch larger than a slab lies in several, no row in two', () => {
  const writer = newWriter()
  const rows = Array.from({ length: 10 }, (_, index) => ({ timestamp: index, message: 'y'.repeat(200_000) }))
  encodeBatch(
    writer,
    { group: 1, stream: 1, events: listedEvents([...rows, { timestamp: 99, message: 'z'.repeat(3 * SLAB_BYTES) }]) },
    { firstSeq: 0, ingestionTime: 0 },
  )
  writer.mark(1, 0, '')
  const group = writer.take()
  expect(new Set(group.runs.map(({ slab }) => slab)).size).toBe(3)
  expect(group.runs.reduce((sum, run) => sum + run.rows, 0)).toBe(11)
  expect(group.bytes).toBe(bytesOf(group).length)
  const ends = group.runs.map(({ slab, end }) => slab.fileStart + end)
  expect(ends.toSorted((a, b) => a - b)).toEqual(ends)
})

test('a group of marks alone has no runs, and the next group goes on behind it', () => {
  const writer = newWriter()
  writer.mark(5, 7, '')
  const first = writer.take()
  expect(first.runs).toEqual([])
  expect(writer.groupBytes).toBe(0)
  encodeBatch(
    writer,
    { group: 1, stream: 1, events: listedEvents([{ timestamp: 1, message: 'x' }]) },
    { firstSeq: 5, ingestionTime: 7 },
  )
  expect(writer.groupBytes).toBe(34)
  writer.mark(6, 7, '')
  const second = writer.take()
  expect(second.pieces[0]?.start).toBe(first.bytes)
  const file = Buffer.concat([bytesOf(first), bytesOf(second)])
  expect(
    scanSegment(file, layout, { bytes: file, fileStart: 0, length: file.length }).groups.map(({ runs }) => runs.length),
  ).toEqual([0, 1])
})

test('the room for a text is never too small', () => {
  fc.assert(fc.property(text, (value) => roomFor(value) >= Buffer.byteLength(value) + 5))
})

test('slabs of the usual size are used again', () => {
  const pool = new SlabPool()
  const first = pool.take(10)
  pool.give(first)
  expect(pool.take(10)).toBe(first)
  const big = pool.take(SLAB_BYTES + 1)
  expect(big.length).toBe(SLAB_BYTES + 1)
  pool.give(big)
  expect(pool.take(10)).not.toBe(big)
})
