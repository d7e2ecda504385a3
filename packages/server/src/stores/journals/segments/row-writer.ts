import { crc32 } from 'node:zlib'
import type { EpochMillis } from '#kernel/ids.ts'
import { DOUBLE_BYTES, FIXED_BYTES, MARK_GROUP, OFFSET_OF, varintBytes, writeVarint } from './row-layout.ts'
import type { Run } from './run.ts'
import type { Slab, SlabPool } from './slab.ts'

/** Above it, a string's exact size is found first, so that not three times its length is reserved. */
const LONG_TEXT = 16_384
const MAX_VARINT_BYTES = 5
const TWO_TO_32 = 2 ** 32

/** A room that a string surely fits into, length included. */
export const roomFor = (text: string): number =>
  MAX_VARINT_BYTES + (text.length < LONG_TEXT ? text.length * 3 : Buffer.byteLength(text))

/** A room that a string of so many bytes fits into. */
export const roomForBytes = (bytes: number): number => MAX_VARINT_BYTES + bytes

/** A room that a list of so many numbers fits into. */
export const roomForDoubles = (count: number): number => MAX_VARINT_BYTES + count * DOUBLE_BYTES

/** A stretch of one slab that belongs to a group of batches. */
export interface Piece {
  readonly slab: Slab
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
}

export interface WrittenGroup {
  readonly pieces: readonly Piece[]
  readonly runs: readonly Run[]
  readonly bytes: number
}

/**
 * Encodes rows as RowBinary straight into slabs that later serve the readers and are written to the file: nothing is
 * copied in between. Rows never straddle slabs.
 */
export class RowWriter {
  readonly #pool: SlabPool
  readonly #columns: number
  #slab: Slab | undefined
  #buffer: Buffer = Buffer.alloc(0)
  #view = new DataView(this.#buffer.buffer)
  #offset = 0
  /** Where the next byte lies in the segment's file. */
  #filePosition = 0
  #pieceStart = 0
  #pieces: Piece[] = []
  #runs: Run[] = []
  #bytes = 0
  #group = 0
  #sub = 0
  #ingestionTime = 0
  #ingestionLow = 0
  #ingestionHigh = 0
  #seq = 0
  #runStart = 0
  #runFirstSeq = 0
  #runFirstTimestamp = 0
  #runLastTimestamp = 0
  #runTextBytes = 0

  /** @param columns how many columns follow the fixed ones */
  constructor(pool: SlabPool, columns: number) {
    this.#pool = pool
    this.#columns = columns
  }

  /** Where the current row is written to. */
  get buffer(): Buffer {
    return this.#buffer
  }

  /** Bytes of the group so far. */
  get groupBytes(): number {
    return this.#bytes + this.#offset - this.#pieceStart
  }

  /** Forgets what was not taken and begins a fresh slab at this position of a file. */
  startAt(filePosition: number): void {
    this.#slab = undefined
    this.#buffer = Buffer.alloc(0)
    this.#offset = 0
    this.#pieceStart = 0
    this.#pieces = []
    this.#runs = []
    this.#bytes = 0
    this.#filePosition = filePosition
  }

  beginBatch(group: number, sub: number, firstSeq: number, ingestionTime: EpochMillis): void {
    this.#group = group
    this.#sub = sub
    this.#seq = firstSeq
    this.#ingestionTime = ingestionTime
    this.#ingestionLow = ingestionTime >>> 0
    this.#ingestionHigh = Math.floor(ingestionTime / TWO_TO_32)
    this.#beginRun()
  }

  /** Begins the next row of the batch; `room` is an upper bound of what follows its fixed columns. */
  beginRow(timestamp: EpochMillis, room: number): void {
    if (this.#offset + FIXED_BYTES + room > this.#buffer.length) {
      this.#endRun()
      this.#nextSlab(FIXED_BYTES + room)
      this.#beginRun()
    }
    if (this.#seq === this.#runFirstSeq) this.#runFirstTimestamp = timestamp
    this.#runLastTimestamp = timestamp
    this.#writeFixed(this.#group, this.#sub, timestamp, this.#seq)
    this.#seq += 1
  }

  string(text: string): void {
    const { length } = text
    const guess = varintBytes(length)
    const at = this.#offset + guess
    const written = this.#buffer.write(text, at, 'utf8')
    const size = varintBytes(written)
    if (size !== guess) this.#buffer.copyWithin(this.#offset + size, at, at + written)
    this.#offset = writeVarint(this.#buffer, this.#offset, written) + written
    this.#runTextBytes += written
  }

  /** Begins a string of so many bytes, which the caller writes into {@link buffer}: from the offset that this tells. */
  room(bytes: number): number {
    const offset = writeVarint(this.#buffer, this.#offset, bytes)
    this.#offset = offset + bytes
    this.#runTextBytes += bytes
    return offset
  }

  byte(value: number): void {
    this.#buffer[this.#offset++] = value
  }

  strings(texts: readonly string[]): void {
    this.#offset = writeVarint(this.#buffer, this.#offset, texts.length)
    for (const text of texts) this.string(text)
  }

  doubles(values: readonly number[]): void {
    this.#offset = writeVarint(this.#buffer, this.#offset, values.length)
    for (const value of values) {
      this.#view.setFloat64(this.#offset, value, true)
      this.#offset += DOUBLE_BYTES
    }
  }

  endBatch(): void {
    this.#endRun()
  }

  /** Ends the group with a mark row: the CRC of all its bytes, the next seq, the last ingestion time, and the payload. */
  mark(nextSeq: number, ingestionTime: EpochMillis, payload: string): void {
    const room = FIXED_BYTES + this.#columns + roomFor(payload)
    if (this.#offset + room > this.#buffer.length) this.#nextSlab(room)
    this.#ingestionLow = ingestionTime >>> 0
    this.#ingestionHigh = Math.floor(ingestionTime / TWO_TO_32)
    const start = this.#offset
    this.#writeFixed(MARK_GROUP, 0, 0, nextSeq)
    // Every kind of column is empty as one zero byte.
    for (let column = 1; column < this.#columns; column++) this.byte(0)
    this.string(payload)
    let crc = 0
    for (const { buffer, start: from, end } of this.#pieces) crc = crc32(buffer.subarray(from, end), crc)
    crc = crc32(this.#buffer.subarray(this.#pieceStart, this.#offset), crc)
    this.#buffer.writeUInt32LE(crc, start + OFFSET_OF.sub)
  }

  /** Hands over the group and goes on behind it. */
  take(): WrittenGroup {
    this.#endPiece()
    const group = { pieces: this.#pieces, runs: this.#runs, bytes: this.#bytes }
    this.#pieces = []
    this.#runs = []
    this.#bytes = 0
    return group
  }

  #writeFixed(group: number, sub: number, timestamp: number, seq: number): void {
    const view = this.#view
    const at = this.#offset
    view.setUint32(at, group, true)
    view.setUint32(at + OFFSET_OF.sub, sub, true)
    view.setUint32(at + OFFSET_OF.timestamp, timestamp >>> 0, true)
    view.setUint32(at + OFFSET_OF.timestamp + 4, Math.floor(timestamp / TWO_TO_32), true)
    view.setUint32(at + OFFSET_OF.seq, seq >>> 0, true)
    view.setUint32(at + OFFSET_OF.seq + 4, Math.floor(seq / TWO_TO_32), true)
    view.setUint32(at + OFFSET_OF.ingestionTime, this.#ingestionLow, true)
    view.setUint32(at + OFFSET_OF.ingestionTime + 4, this.#ingestionHigh, true)
    this.#offset = at + FIXED_BYTES
  }

  #beginRun(): void {
    this.#runStart = this.#offset
    this.#runFirstSeq = this.#seq
    this.#runTextBytes = 0
  }

  #endRun(): void {
    const rows = this.#seq - this.#runFirstSeq
    if (rows === 0 || this.#slab === undefined) return
    this.#runs.push({
      group: this.#group,
      sub: this.#sub,
      firstTimestamp: this.#runFirstTimestamp,
      lastTimestamp: this.#runLastTimestamp,
      ingestionTime: this.#ingestionTime,
      firstSeq: this.#runFirstSeq,
      rows,
      textBytes: this.#runTextBytes,
      slab: this.#slab,
      start: this.#runStart,
      end: this.#offset,
    })
  }

  #endPiece(): void {
    const length = this.#offset - this.#pieceStart
    if (length === 0 || this.#slab === undefined) return
    this.#pieces.push({ slab: this.#slab, buffer: this.#buffer, start: this.#pieceStart, end: this.#offset })
    this.#bytes += length
    this.#filePosition += length
    this.#pieceStart = this.#offset
  }

  #nextSlab(room: number): void {
    this.#endPiece()
    this.#buffer = this.#pool.take(room)
    this.#view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, this.#buffer.length)
    this.#slab = { bytes: this.#buffer, fileStart: this.#filePosition, length: 0 }
    this.#offset = 0
    this.#pieceStart = 0
  }
}
