import type { SimpleShape, TimestampFormat } from '../model/model.ts'
import type { Cursor } from '../reading/cursor.ts'
import { isInteger, isLong, parseBase64, parseEpochSeconds, parseTimestamp } from '../reading/values.ts'

/** Turns a parsed value into a model value; changes the given tree in place where it can. */
export type TreeRead = (value: unknown, cursor: Cursor, depth: number) => unknown
export type TreeObject = Record<string, unknown>

/** What the parsed trees of a format hold: JSON's, or CBOR's. What is not of the wanted type is `undefined`. */
export interface TreeFormat {
  readonly isObject: (value: unknown) => value is TreeObject
  /** What was found, for messages. */
  readonly kindOf: (value: unknown) => string
  readonly double: (value: unknown) => number | undefined
  /** In milliseconds since 1970. */
  readonly timestamp: (value: unknown, format: TimestampFormat) => number | undefined
  readonly blob: (value: unknown) => Uint8Array | undefined
}

/** The reader of a simple shape's type; what the shape demands beside that is checked elsewhere. */
export function simpleReader(tree: TreeFormat, { type }: SimpleShape, format: TimestampFormat): TreeRead {
  const wrong = (value: unknown, cursor: Cursor, depth: number, wanted: string): never =>
    cursor.malformed(depth, `${tree.kindOf(value)} can not be converted to ${wanted}`)
  switch (type) {
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
      return (value, cursor, depth) => tree.double(value) ?? wrong(value, cursor, depth, 'a Double')
    case 'timestamp':
      return (value, cursor, depth) => tree.timestamp(value, format) ?? wrong(value, cursor, depth, 'a Timestamp')
    case 'blob':
      return (value, cursor, depth) => tree.blob(value) ?? wrong(value, cursor, depth, 'a Blob')
  }
}

/** What was found, in the words of AWS's JSON parser. */
export function kindOf(value: unknown): string {
  if (value === null) return 'NULL_VALUE'
  if (Array.isArray(value)) return 'START_ARRAY'
  switch (typeof value) {
    case 'string':
      return 'STRING_VALUE'
    case 'number':
      return 'NUMBER_VALUE'
    case 'boolean':
      return value ? 'TRUE_VALUE' : 'FALSE_VALUE'
    default:
      return 'START_OBJECT'
  }
}

export const JSON_TREE: TreeFormat = {
  isObject: (value): value is TreeObject => typeof value === 'object' && value !== null && !Array.isArray(value),
  kindOf,
  double(value) {
    if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
    return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : undefined
  },
  timestamp(value, format) {
    if (format === 'unixTimestamp') return typeof value === 'number' ? parseEpochSeconds(value) : undefined
    return typeof value === 'string' ? parseTimestamp(value, format) : undefined
  },
  blob: (value) => (typeof value === 'string' ? parseBase64(value) : undefined),
}
