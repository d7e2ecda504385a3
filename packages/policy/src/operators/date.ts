import type { Operator } from './operator.ts'
import { orderedOperators } from './ordered.ts'

const EPOCH_SECONDS = /^-?\d+(?:\.\d+)?$/
const YEAR = /^\d{4}$/
const W3C = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?([Zz]|[+-]\d\d:?\d\d)?)?)?$/

/**
 * A date of the W3C profile of ISO 8601 (year, month, day or instant; UTC when no zone is given) or epoch seconds, as
 * milliseconds since 1970. Four digits are a year.
 */
export function readDate(text: string): number | undefined {
  if (YEAR.test(text)) return utc([Number(text), 1, 1, 0, 0, 0])
  if (EPOCH_SECONDS.test(text)) return finite(Number(text) * 1_000)
  const match = W3C.exec(text)
  if (match === null) return undefined
  const [, year, month, day = '1', hour = '0', minute = '0', second = '0', fraction = '0', zone = 'Z'] = match
  const start = utc([year, month, day, hour, minute, second].map(Number))
  const offset = offsetOf(zone)
  if (start === undefined || offset === undefined) return undefined
  return start + Number(`0.${fraction}`) * 1_000 - offset
}

/** Refuses days and hours that do not exist instead of running over into the next ones. */
function utc(fields: readonly number[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second, 0)
  const same =
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second
  return same ? date.getTime() : undefined
}

function offsetOf(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0
  const digits = zone.replace(':', '')
  const hours = Number(digits.slice(1, 3))
  const minutes = Number(digits.slice(3, 5))
  if (hours > 23 || minutes > 59) return undefined
  return (hours * 60 + minutes) * 60_000 * (zone.startsWith('-') ? -1 : 1)
}

const finite = (number: number): number | undefined => (Number.isFinite(number) ? number : undefined)

export const dateOperators: readonly Operator[] = orderedOperators('Date', readDate)
