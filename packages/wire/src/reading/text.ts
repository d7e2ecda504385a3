import type { SimpleShape, TimestampFormat } from '../model/model.ts'
import type { Cursor } from './cursor.ts'
import { isInteger, isLong, parseBase64, parseTimestamp } from './values.ts'

/** Reads a value that came as text: a form parameter, a path label, a query parameter. */
export type TextRead = (text: string, cursor: Cursor, depth: number) => unknown

const INTEGER = /^[+-]?\d{1,19}$/
const FLOAT = /^([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?|NaN|-?Infinity)$/
const MAX_NUMBER_LENGTH = 64

/** @param format the timestamp format that holds when neither shape nor member names one. */
export function textReader(shape: SimpleShape, format: TimestampFormat): TextRead {
  switch (shape.type) {
    case 'string':
      return (text) => text
    case 'boolean':
      return (text, cursor, depth) =>
        text === 'true' ||
        (text === 'false' ? false : cursor.malformed(depth, 'Unexpected boolean: it must be true or false'))
    case 'integer':
      return integerReader(isInteger, 'an Integer')
    case 'long':
      return integerReader(isLong, 'a Long')
    case 'float':
    case 'double':
      return (text, cursor, depth) =>
        text.length <= MAX_NUMBER_LENGTH && FLOAT.test(text)
          ? Number(text)
          : cursor.malformed(depth, 'Unexpected text: it must be a number')
    case 'timestamp':
      return (text, cursor, depth) =>
        parseTimestamp(text, format) ??
        cursor.malformed(depth, 'Unexpected timestamp: it must be like 2026-11-21T10:00:00Z')
    case 'blob':
      return (text, cursor, depth) => parseBase64(text) ?? cursor.malformed(depth, 'Unexpected blob: it must be base64')
  }
}

function integerReader(fits: (value: number) => boolean, name: string): TextRead {
  return (text, cursor, depth) => {
    const value = INTEGER.test(text) ? Number(text) : Number.NaN
    return fits(value) ? value : cursor.malformed(depth, `Unexpected text: it can not be converted to ${name}`)
  }
}
