import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LogFields, silentTelemetry } from '#kernel/telemetry.ts'
import { encodeBatch, LOG_TABLE } from '#stores/journals/log-events/log-table.ts'
import { encodePositions } from './mark-payload.ts'
import { type Recovered, recoverSegments } from './recover.ts'
import { RowLayout } from './row-layout.ts'
import { RowWriter } from './row-writer.ts'
import { diskSegmentFiles, segmentName } from './segment-file.ts'
import { firstSeqOf } from './seq.ts'
import { SlabPool } from './slab.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const layout = new RowLayout(LOG_TABLE)
let directory = ''
const lines: LogFields[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'recover-'))
  lines.splice(0)
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** A segment of `groups` groups with one row each, from a request counter on. */
function write(counter: number, groups: number): Buffer {
  const writer = new RowWriter(new SlabPool(), layout.columns)
  writer.startAt(0)
  const parts: Buffer[] = []
  for (let next = counter; next < counter + groups; next++) {
    encodeBatch(
      writer,
      { group: 1, stream: 1, events: listedEvents([{ timestamp: 10 * next, message: 'm' }]) },
      { firstSeq: firstSeqOf(next), ingestionTime: 500 + next },
    )
    writer.mark(firstSeqOf(next + 1), 500 + next, encodePositions([{ source: 's', sequence: next, position: '' }]))
    parts.push(...writer.take().pieces.map(({ buffer, start, end }) => Buffer.from(buffer.subarray(start, end))))
  }
  const bytes = Buffer.concat(parts)
  writeFileSync(join(directory, segmentName(firstSeqOf(counter))), bytes)
  return bytes
}

async function recover(committedSeq = 0): Promise<Recovered> {
  const telemetry = {
    ...silentTelemetry,
    log: { ...silentTelemetry.log, error: (fields: LogFields) => void lines.push(fields) },
  }
  const recovered = await recoverSegments({
    directory,
    files: diskSegmentFiles(directory),
    layout,
    pool: new SlabPool(),
    telemetry,
    committedSeq,
  })
  for (const segment of recovered.segments) await segment.file.close()
  return recovered
}

test('an empty directory has nothing to recover', async () => {
  expect(await recover()).toEqual({ segments: [], nextSeq: 0, ingestionTime: 0 })
})

test('segments come oldest first with all that is known about them', async () => {
  write(20, 1)
  const bytes = write(3, 4)
  writeFileSync(join(directory, 'version'), '1\n')
  const { segments, nextSeq, ingestionTime } = await recover()
  expect(segments.map(({ firstSeq }) => firstSeq)).toEqual([firstSeqOf(3), firstSeqOf(20)])
  expect(segments[0]).toMatchObject({
    rows: 4,
    bytes: bytes.length,
    nextSeq: firstSeqOf(7),
    minTimestamp: 30,
    maxTimestamp: 60,
    sealed: true,
    certain: false,
  })
  expect(segments[0]?.positions.get('s')?.sequence).toBe(6)
  expect(segments[0]?.memoryBytes).toBe(0)
  expect([nextSeq, ingestionTime]).toEqual([firstSeqOf(21), 520])
  expect(lines).toEqual([])
})

test('what was committed before is removed, but its numbers are not given out again', async () => {
  write(3, 2)
  const { segments, nextSeq } = await recover(firstSeqOf(5))
  expect(segments).toEqual([])
  expect(nextSeq).toBe(firstSeqOf(5))
  expect(readdirSync(directory)).toEqual([])
})

test('an incomplete end is cut from the file, and one line says what and why', async () => {
  const bytes = write(3, 3)
  const file = join(directory, segmentName(firstSeqOf(3)))
  writeFileSync(file, Buffer.concat([bytes, Buffer.from('half a row')]))
  const { segments } = await recover()
  expect(segments[0]?.rows).toBe(3)
  expect(readFileSync(file)).toEqual(bytes)
  expect(lines).toEqual([
    expect.objectContaining({ event: 'journal_segment_cut', file, keptBytes: bytes.length, cutBytes: 10, keptRows: 3 }),
  ])
})

test('room that was made for more rows is cut from the file, and nobody is told', async () => {
  const bytes = write(3, 3)
  const file = join(directory, segmentName(firstSeqOf(3)))
  writeFileSync(file, Buffer.concat([bytes, Buffer.alloc(5_000)]))
  const { segments } = await recover()
  expect(segments[0]?.rows).toBe(3)
  expect(readFileSync(file)).toEqual(bytes)
  expect(lines).toEqual([])
})

test('a segment without one good mark is removed, and its first number is not given out again', async () => {
  write(3, 1)
  const file = join(directory, segmentName(firstSeqOf(9)))
  writeFileSync(file, 'rubbish')
  const { segments, nextSeq } = await recover()
  expect(segments).toHaveLength(1)
  expect(nextSeq).toBe(firstSeqOf(9))
  expect(readdirSync(directory)).toEqual([segmentName(firstSeqOf(3))])
})
