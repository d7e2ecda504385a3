import { type TreeFormat, type TreeObject, kindOf } from '../json/simple.ts'
import type { SimpleWriter } from '../json/write.ts'
import { parseEpochSeconds } from '../reading/values.ts'
import { CborTimestamp } from './timestamp.ts'

/** How CBOR's trees differ from JSON's: bytes and timestamps are values of their own, and numbers may be no numbers. */
export const CBOR_TREE: TreeFormat = {
  isObject: (value): value is TreeObject => kindOf(value) === 'START_OBJECT' && !isLeaf(value),
  kindOf: (value) =>
    value instanceof Uint8Array ? 'BYTES' : value instanceof CborTimestamp ? 'TIMESTAMP' : kindOf(value),
  double: (value) => (typeof value === 'number' ? value : undefined),
  timestamp: (value) => (value instanceof CborTimestamp ? parseEpochSeconds(value.seconds) : undefined),
  blob: (value) => (value instanceof Uint8Array ? value : undefined),
}

const isLeaf = (value: unknown): boolean => value instanceof Uint8Array || value instanceof CborTimestamp

/** Timestamps are tagged seconds; everything else is what it is. */
export const simpleCborWriter: SimpleWriter = ({ type }) =>
  type === 'timestamp' ? (value) => new CborTimestamp((value as number) / 1_000) : (value) => value
