import type { ColumnKind, TableSchema } from './table-schema.ts'

/** The group number that no group has: it marks the end of a group of batches. */
export const MARK_GROUP = 0xffff_ffff
/** `grp`, `sub`, `ts`, `seq`, `ing`. */
export const FIXED_BYTES = 32
export const OFFSET_OF = { group: 0, sub: 4, timestamp: 8, seq: 16, ingestionTime: 24, rest: FIXED_BYTES } as const
/** Of a number in a row. */
export const DOUBLE_BYTES = 8
const TWO_TO_32 = 2 ** 32

/** A row's bytes end before the row does: the file was cut or damaged. */
export class TornRow extends Error {
  constructor(offset: number) {
    super(`the row at byte ${String(offset)} is not whole`)
    this.name = 'TornRow'
  }
}

/** Bytes of an unsigned LEB128 number, as RowBinary writes lengths. */
export const varintBytes = (value: number): number =>
  value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5

/** Writes an unsigned LEB128 number below 2^32; returns the offset after it. */
export function writeVarint(bytes: Uint8Array, offset: number, value: number): number {
  let rest = value
  let at = offset
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  bytes[at++] = rest
  return at
}

/**
 * Reads an unsigned LEB128 number.
 * @throws TornRow when it does not end before `end` or is longer than five bytes
 */
export function readVarint(bytes: Uint8Array, offset: number, end: number): number {
  let value = 0
  let factor = 1
  for (let at = offset; at < end && at < offset + 5; at++) {
    const byte = bytes[at] as number
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return value
    factor *= 0x80
  }
  throw new TornRow(offset)
}

export const readGroup = (bytes: Buffer, row: number): number => bytes.readUInt32LE(row)
export const readSub = (bytes: Buffer, row: number): number => bytes.readUInt32LE(row + OFFSET_OF.sub)
export const readTimestamp = (bytes: Buffer, row: number): number => readInt64(bytes, row + OFFSET_OF.timestamp)
export const readSeq = (bytes: Buffer, row: number): number => readInt64(bytes, row + OFFSET_OF.seq)
export const readIngestionTime = (bytes: Buffer, row: number): number => readInt64(bytes, row + OFFSET_OF.ingestionTime)

/** Numbers in rows are safe integers, so no BigInt is made for them. */
export const readInt64 = (bytes: Buffer, offset: number): number =>
  bytes.readInt32LE(offset + 4) * TWO_TO_32 + bytes.readUInt32LE(offset)

/** Where the parts of a table's rows are. */
export class RowLayout {
  readonly #kinds: readonly ColumnKind[]

  constructor(table: TableSchema) {
    if (table.columns.at(-1)?.kind !== 'String') throw new Error(`the last column of ${table.name} must be a String`)
    this.#kinds = table.columns.map(({ kind }) => kind)
  }

  /** How many columns follow the fixed ones. */
  get columns(): number {
    return this.#kinds.length
  }

  /**
   * The offset after the row.
   * @throws TornRow when the row does not end before `end`
   */
  skip(bytes: Buffer, row: number, end: number): number {
    let offset = row + FIXED_BYTES
    for (const kind of this.#kinds) {
      if (kind === 'UInt8') offset += 1
      else if (kind === 'String') offset = skipString(bytes, offset, end)
      else {
        let count = readVarint(bytes, offset, end)
        offset += varintBytes(count)
        if (kind === 'Array(Float64)') offset += count * DOUBLE_BYTES
        else for (; count > 0; count--) offset = skipString(bytes, offset, end)
      }
      if (offset > end) throw new TornRow(row)
    }
    return offset
  }
}

function skipString(bytes: Buffer, offset: number, end: number): number {
  const length = readVarint(bytes, offset, end)
  const after = offset + varintBytes(length) + length
  if (after > end) throw new TornRow(offset)
  return after
}
