import {
  readGroup,
  readIngestionTime,
  readSeq,
  readSub,
  readTimestamp,
  readVarint,
  varintBytes,
  OFFSET_OF,
} from '#stores/journals/segments/row-layout.ts'
import type { RowLayout } from '#stores/journals/segments/row-layout.ts'
import type { RowWriter } from '#stores/journals/segments/row-writer.ts'
import { roomForBytes } from '#stores/journals/segments/row-writer.ts'
import type { Stamp } from '#stores/journals/segments/group-queue.ts'
import type { TableSchema } from '#stores/journals/segments/table-schema.ts'
import type { LogBatch, StoredLogEvent } from '#stores/journals/log-journal.ts'

/** Log events: `grp` is the log group, `sub` the stream, `ts` the event's time, `ing` its ingestion time. */
export const LOG_TABLE: TableSchema = {
  name: 'log_events',
  columns: [{ name: 'msg', kind: 'String', stored: 'String CODEC(ZSTD(1))' }],
  orderBy: 'grp, ts, seq',
  // Ten parts become one instead of five, so that a row is written again less often. Reads that look for little rule out parts by their times.
  settings: 'merge_selector_base = 10',
}

/** @throws RangeError when the batch breaks the interface's promise; the index relies on its order */
export function checkBatch({ group, stream, events }: LogBatch): void {
  if (!isNumber(group) || !isNumber(stream)) throw new RangeError('numbers of log groups and streams have 32 bits')
  if (events.length > MAX_EVENTS) throw new RangeError(`a batch has at most ${String(MAX_EVENTS)} events`)
  let last = 0
  for (let index = 0; index < events.length; index++) {
    const timestamp = events.timestamp(index)
    if (!Number.isSafeInteger(timestamp) || timestamp < last)
      throw new RangeError('the events of a batch are in order of their timestamps, in whole milliseconds from 0 on')
    last = timestamp
  }
}

const MAX_EVENTS = 10_000
/** The highest number is the mark's. */
const isNumber = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 0xffff_ffff

export function encodeBatch(writer: RowWriter, batch: LogBatch, stamp: Stamp): void {
  const { events } = batch
  if (events.length === 0) return
  writer.beginBatch(batch.group, batch.stream, stamp.firstSeq, stamp.ingestionTime)
  for (let index = 0; index < events.length; index++) {
    const bytes = events.messageBytes(index)
    writer.beginRow(events.timestamp(index), roomForBytes(bytes))
    const offset = writer.room(bytes)
    events.copyMessage(index, writer.buffer, offset)
  }
  writer.endBatch()
}

export function decodeEvent(bytes: Buffer, row: number, end: number): StoredLogEvent {
  return {
    group: readGroup(bytes, row),
    stream: readSub(bytes, row),
    timestamp: readTimestamp(bytes, row),
    seq: readSeq(bytes, row),
    ingestionTime: readIngestionTime(bytes, row),
    message: bytes.toString('utf8', messageStart(bytes, row, end), end),
  }
}

/** Where the message's text begins; it ends with the row. */
export const messageStart = (bytes: Buffer, row: number, end: number): number => {
  const length = row + OFFSET_OF.rest
  return length + varintBytes(readVarint(bytes, length, end))
}

export interface DecodedEvent {
  readonly event: StoredLogEvent
  readonly textBytes: number
}

/** Every row of a query's answer, in its order. */
export function decodeEvents(bytes: Buffer, layout: RowLayout): DecodedEvent[] {
  const events: DecodedEvent[] = []
  for (let row = 0; row < bytes.length;) {
    const end = layout.skip(bytes, row, bytes.length)
    events.push({ event: decodeEvent(bytes, row, end), textBytes: end - messageStart(bytes, row, end) })
    row = end
  }
  return events
}
