import type { TimestampFormat } from '../model/model.ts'

const INT32_MAX = 2 ** 31 - 1
const INT32_MIN = -(2 ** 31)
const INT64 = 2 ** 63
/** The range of `Date`, in milliseconds. */
const MAX_TIME = 8.64e15

export const isInteger = (value: number): boolean => Number.isInteger(value) && value >= INT32_MIN && value <= INT32_MAX

/**
 * Whether `value` is a 64-bit integer. Those beyond 2^53 have lost their last digits in JSON already; they are let
 * through, for clients write Java's largest long to say "no end".
 */
export const isLong = (value: number): boolean => Number.isInteger(value) && value >= -INT64 && value <= INT64

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Bytes of strict base64; `undefined` when `text` is not that. */
export function parseBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i
const RFC822 = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const DECIMAL = /^-?\d{1,13}(\.\d{1,9})?$/

/** Milliseconds of a timestamp written as text; `undefined` when it is not one of that format. */
export function parseTimestamp(text: string, format: TimestampFormat): number | undefined {
  switch (format) {
    case 'iso8601':
      return parseIso(text)
    case 'unixTimestamp':
      return DECIMAL.test(text) ? parseEpochSeconds(Number(text)) : undefined
    case 'rfc822':
      return RFC822.test(text) ? finite(Date.parse(text)) : undefined
  }
}

function parseIso(text: string): number | undefined {
  const parts = ISO.exec(text)
  if (parts === null) return undefined
  const millis = Date.parse(text.toUpperCase())
  // Date.parse turns 31 February into March; the day must come back as it was written.
  const [, year, month, day] = parts
  const check = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return check.getUTCDate() === Number(day) && check.getUTCMonth() === Number(month) - 1 ? finite(millis) : undefined
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined)

/** Milliseconds of seconds since 1970, as JSON carries timestamps; `undefined` outside the range of dates. */
export function parseEpochSeconds(seconds: number): number | undefined {
  const millis = Math.round(seconds * 1_000)
  return Math.abs(millis) <= MAX_TIME ? millis : undefined
}

/** `2026-11-21T10:00:00Z`, with milliseconds only when there are any. */
export function isoTimestamp(millis: number): string {
  return new Date(millis).toISOString().replace('.000Z', 'Z')
}

/** `Sat, 21 Nov 2026 10:00:00 GMT`; parts of a second are cut off. */
export const rfc822Timestamp = (millis: number): string => new Date(millis).toUTCString()
