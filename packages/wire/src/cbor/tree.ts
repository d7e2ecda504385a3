import { type TreeFormat, type TreeRead, kindOf } from '../json/read.ts'
import type { SimpleWriter } from '../json/write.ts'
import type { SimpleShape } from '../model/model.ts'
import type { Cursor } from '../reading/cursor.ts'
import { isInteger, isLong, parseEpochSeconds } from '../reading/values.ts'
import { CborTimestamp } from './timestamp.ts'

/** How CBOR's trees differ from JSON's: bytes and timestamps are values of their own, and numbers may be no numbers. */
export const CBOR_TREE: TreeFormat = {
  isObject: (value): value is Record<string, unknown> => kindOf(value) === 'START_OBJECT' && !isLeaf(value),
  kindOf: (value) =>
    value instanceof Uint8Array ? 'BYTES' : value instanceof CborTimestamp ? 'TIMESTAMP' : kindOf(value),
  simple: simpleReader,
}

const isLeaf = (value: unknown): boolean => value instanceof Uint8Array || value instanceof CborTimestamp

function simpleReader(shape: SimpleShape): TreeRead {
  const wrong = (value: unknown, cursor: Cursor, depth: number, type: string): never =>
    cursor.malformed(depth, `${CBOR_TREE.kindOf(value)} can not be converted to ${type}`)
  switch (shape.type) {
    case 'string':
      return (value, cursor, depth) => (typeof value === 'string' ? value : wrong(value, cursor, depth, 'a String'))
    case 'boolean':
      return (value, cursor, depth) => (typeof value === 'boolean' ? value : wrong(value, cursor, depth, 'a Boolean'))
    case 'integer':
      return (value, cursor, depth) =>
        typeof value === 'number' && isInteger(value) ? value : wrong(value, cursor, depth, 'an Integer')
    case 'long':
      return (value, cursor, depth) =>
        typeof value === 'number' && isLong(value) ? value : wrong(value, cursor, depth, 'a Long')
    case 'float':
    case 'double':
      return (value, cursor, depth) => (typeof value === 'number' ? value : wrong(value, cursor, depth, 'a Double'))
    case 'timestamp':
      return (value, cursor, depth) =>
        (value instanceof CborTimestamp ? parseEpochSeconds(value.seconds) : undefined) ??
        wrong(value, cursor, depth, 'a Timestamp')
    case 'blob':
      return (value, cursor, depth) => (value instanceof Uint8Array ? value : wrong(value, cursor, depth, 'a Blob'))
  }
}

/** Timestamps are tagged seconds; everything else is what it is. */
export const simpleCborWriter: SimpleWriter = ({ type }) =>
  type === 'timestamp' ? (value) => new CborTimestamp((value as number) / 1_000) : (value) => value
