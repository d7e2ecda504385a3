import type { EpochMillis } from '#kernel/ids.ts'
import type { Mark } from '#delivery/source.ts'

/** Where reading goes on. */
export interface Place {
  /** The file's number; 0 before the first file. */
  readonly number: number
  /** The file's inode; empty when the file was not opened yet. */
  readonly inode: string
  readonly offset: number
  /** {@link fingerprint} of the file's first bytes, because a deleted file's inode is given to the next one. */
  readonly head: string
  /** `start`: a record begins here. `event`: the rest of an event begins here. `passed`: the rest of a record that was passed over. */
  readonly at: 'start' | 'event' | 'passed'
  /** Time of the last event of the stream; 0 before the first one. */
  readonly time: EpochMillis
  /** Lost bytes that a marker event has told of. */
  readonly told: number
}

export const FIRST_PLACE: Place = { number: 0, inode: '', offset: 0, head: '', at: 'start', time: 0, told: 0 }

/** The beginning of a file. */
export const startOf = (number: number, { time, told }: Place): Place => ({ ...FIRST_PLACE, number, time, told })

export const markOf = (sequence: number, place: Place): Mark => ({ sequence, position: JSON.stringify(place) })

const WHOLE_NUMBERS = ['number', 'offset', 'time', 'told'] as const

/** @throws Error when `position` is not one that this source wrote */
export function placeOf({ position }: Mark): Place {
  const value = parse(position)
  if (!isPlace(value)) throw new Error(`the position of a log-file source cannot be read: ${position.slice(0, 200)}`)
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null) return false
  const place = value as Readonly<Record<string, unknown>>
  return (
    WHOLE_NUMBERS.every((name) => Number.isSafeInteger(place[name])) &&
    typeof place['inode'] === 'string' &&
    typeof place['head'] === 'string' &&
    (place['at'] === 'start' || place['at'] === 'event' || place['at'] === 'passed')
  )
}
