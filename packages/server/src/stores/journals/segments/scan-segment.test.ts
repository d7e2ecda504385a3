import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBatch, LOG_TABLE } from '#stores/journals/log-events/log-table.ts'
import { decodePositions, encodePositions } from './mark-payload.ts'
import { RowLayout } from './row-layout.ts'
import { RowWriter } from './row-writer.ts'
import { type ScannedSegment, scanSegment } from './scan-segment.ts'
import { counterFrom, firstSeqOf, seqCounter } from './seq.ts'
import { SlabPool } from './slab.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const layout = new RowLayout(LOG_TABLE)
const scan = (bytes: Buffer): ScannedSegment =>
  scanSegment(bytes, layout, { bytes, fileStart: 0, length: bytes.length })

const file = ((): Buffer => {
  const writer = new RowWriter(new SlabPool(), layout.columns)
  writer.startAt(0)
  const groups: Buffer[] = []
  for (let counter = 1; counter <= 6; counter++) {
    const events = Array.from({ length: counter }, (_, index) => ({
      timestamp: index,
      message: `message ${String(counter)}.${String(index)}`,
    }))
    encodeBatch(
      writer,
      { group: 1, stream: counter, events: listedEvents(events) },
      { firstSeq: firstSeqOf(counter), ingestionTime: 1 },
    )
    writer.mark(firstSeqOf(counter + 1), 1, encodePositions([{ source: 'a', sequence: counter, position: '' }]))
    groups.push(...writer.take().pieces.map(({ buffer, start, end }) => Buffer.from(buffer.subarray(start, end))))
  }
  return Buffer.concat(groups)
})()
const whole = scan(file)

test('every group of a whole segment is found', () => {
  expect(whole.groups.map(({ runs }) => runs[0]?.rows)).toEqual([1, 2, 3, 4, 5, 6])
  expect(whole.damage).toBeUndefined()
})

test('a segment that ends anywhere keeps the groups whose marks are there, and nothing else', () => {
  for (let length = 0; length < file.length; length++) {
    const cut = scan(file.subarray(0, length))
    const kept = whole.groups.filter(({ end }) => end <= length)
    expect(cut.groups.map(({ end }) => end)).toEqual(kept.map(({ end }) => end))
    expect(cut.goodBytes).toBe(kept.at(-1)?.end ?? 0)
    if (length > cut.goodBytes) expect(cut.damage).toBeDefined()
  }
})

test('a flipped bit anywhere ends the segment before the group it is in', () => {
  fc.assert(
    fc.property(fc.nat(file.length * 8 - 1), (bit) => {
      const bytes = Buffer.from(file)
      const at = bit >> 3
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7))
      const damaged = scan(bytes)
      const kept = whole.groups.filter(({ end }) => end <= at)
      expect(damaged.groups).toHaveLength(kept.length)
      expect(damaged.goodBytes).toBe(kept.at(-1)?.end ?? 0)
      expect(damaged.damage).toBeDefined()
    }),
    { numRuns: 2_000 },
  )
})

test('positions are read back as they were written, and nothing else is taken for one', () => {
  const position = fc.record({ source: fc.string(), sequence: fc.nat(), position: fc.string() })
  fc.assert(
    fc.property(fc.array(position), (positions) => {
      expect(decodePositions(encodePositions(positions))).toEqual(positions)
    }),
  )
  for (const text of ['{}', '[1]', '[["a",1]]', '[["a","1","b"]]', 'x']) expect(() => decodePositions(text)).toThrow()
})

test('a seq holds its request counter and its index', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 30), fc.nat(2 ** 14 - 1), (counter, index) => {
      expect(seqCounter(firstSeqOf(counter) + index)).toBe(counter)
      expect(counterFrom(firstSeqOf(counter))).toBe(counter)
      expect(firstSeqOf(counterFrom(firstSeqOf(counter) + index))).toBeGreaterThanOrEqual(firstSeqOf(counter) + index)
    }),
  )
})
