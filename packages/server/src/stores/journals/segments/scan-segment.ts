import { crc32 } from 'node:zlib'
import type { Checkpoint } from '#kernel/call.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import { messageOf } from '#kernel/errors.ts'
import { decodePositions } from './mark-payload.ts'
import type { Run } from './run.ts'
import {
  FIXED_BYTES,
  MARK_GROUP,
  OFFSET_OF,
  type RowLayout,
  readGroup,
  readIngestionTime,
  readSeq,
  readSub,
  readTimestamp,
  readVarint,
  varintBytes,
} from './row-layout.ts'
import { seqCounter } from './seq.ts'
import type { Slab } from './slab.ts'

/** A group of batches that was committed: everything up to one good mark. */
export interface ScannedGroup {
  readonly runs: readonly Run[]
  readonly positions: readonly Checkpoint[]
  readonly nextSeq: number
  readonly ingestionTime: EpochMillis
  /** Offset after the mark. */
  readonly end: number
}

export interface ScannedSegment {
  readonly groups: readonly ScannedGroup[]
  /** Bytes up to and with the last good mark. */
  readonly goodBytes: number
  /** Why the rest is not good; left out when there is no rest. */
  readonly damage?: string
}

const ZEROS = Buffer.alloc(4)

/** Reads a segment's bytes as far as they are sound: the first group whose mark is missing or wrong ends it. */
export function scanSegment(bytes: Buffer, layout: RowLayout, slab: Slab): ScannedSegment {
  const groups: ScannedGroup[] = []
  let goodBytes = 0
  try {
    while (goodBytes < bytes.length) {
      const group = scanGroup(bytes, goodBytes, layout, slab)
      groups.push(group)
      goodBytes = group.end
    }
  } catch (error) {
    return { groups, goodBytes, damage: messageOf(error) }
  }
  return { groups, goodBytes }
}

function scanGroup(bytes: Buffer, start: number, layout: RowLayout, slab: Slab): ScannedGroup {
  const collector = new RunCollector(slab)
  let row = start
  while (row + FIXED_BYTES <= bytes.length) {
    const end = layout.skip(bytes, row, bytes.length)
    if (readGroup(bytes, row) === MARK_GROUP) {
      checkMark(bytes, start, row, end)
      const positions = decodePositions(markPayload(bytes, row, end, layout))
      return {
        runs: collector.end(),
        positions,
        nextSeq: readSeq(bytes, row),
        ingestionTime: readIngestionTime(bytes, row),
        end,
      }
    }
    collector.add(bytes, row, end, layout.columns)
    row = end
  }
  throw new Error('the last group of batches has no mark')
}

function checkMark(bytes: Buffer, start: number, mark: number, end: number): void {
  const sum = mark + OFFSET_OF.sub
  let crc = crc32(bytes.subarray(start, sum))
  crc = crc32(ZEROS, crc)
  crc = crc32(bytes.subarray(sum + 4, end), crc)
  if (crc !== bytes.readUInt32LE(sum)) throw new Error(`the checksum of the mark at byte ${String(mark)} is wrong`)
}

function markPayload(bytes: Buffer, mark: number, end: number, layout: RowLayout): string {
  const text = mark + FIXED_BYTES + layout.columns - 1
  return bytes.toString('utf8', text + varintBytes(readVarint(bytes, text, end)), end)
}

interface OpenRun {
  readonly group: number
  readonly sub: number
  readonly firstTimestamp: number
  readonly ingestionTime: number
  readonly firstSeq: number
  readonly start: number
  lastTimestamp: number
  rows: number
  end: number
}

/** Finds the runs again that the writer knew. */
class RunCollector {
  readonly #slab: Slab
  readonly #runs: Run[] = []
  #open: OpenRun | undefined
  #textBytes = 0

  constructor(slab: Slab) {
    this.#slab = slab
  }

  add(bytes: Buffer, row: number, end: number, columns: number): void {
    const group = readGroup(bytes, row)
    const sub = readSub(bytes, row)
    const timestamp = readTimestamp(bytes, row)
    const seq = readSeq(bytes, row)
    const open = this.#open
    if (
      open?.group !== group ||
      open.sub !== sub ||
      seq !== open.firstSeq + open.rows ||
      seqCounter(seq) !== seqCounter(open.firstSeq) ||
      timestamp < open.lastTimestamp
    ) {
      this.#close()
      const ingestionTime = readIngestionTime(bytes, row)
      this.#open = {
        group,
        sub,
        firstTimestamp: timestamp,
        lastTimestamp: timestamp,
        ingestionTime,
        firstSeq: seq,
        rows: 1,
        start: row,
        end,
      }
    } else {
      open.rows += 1
      open.lastTimestamp = timestamp
      open.end = end
    }
    // What a table of several columns holds in texts nobody asks.
    if (columns === 1) this.#textBytes += readVarint(bytes, row + OFFSET_OF.rest, end)
  }

  end(): readonly Run[] {
    this.#close()
    return this.#runs
  }

  #close(): void {
    if (this.#open !== undefined) this.#runs.push({ ...this.#open, textBytes: this.#textBytes, slab: this.#slab })
    this.#open = undefined
    this.#textBytes = 0
  }
}
