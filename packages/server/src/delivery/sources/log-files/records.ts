import type { EpochMillis } from '#kernel/ids.ts'
import type { Place } from '#delivery/sources/log-files/place.ts'

/** What ends a record: U+001E and a line feed. The layout replaces U+001E inside messages, so nobody can forge an end. */
export const TERMINATOR: Buffer = Buffer.from('\u001e\n')
const RECORD_SEPARATOR = 0x1e
const SPACE = 0x20
/** `<epoch millis> `: thirteen digits, which lasts until the year 2286, and a space. */
const PREFIX_BYTES = 14
/** The most bytes that one invalid byte decodes to: U+FFFD. */
const REPLACEMENT_BYTES = 3

/** The next event in a run of bytes, or as much of it as one event may hold. */
export interface Piece {
  /** The time that the broker wrote before it. Missing: the record does not begin with one, or began earlier. */
  readonly time: EpochMillis | undefined
  /** Empty when there is nothing to deliver here. */
  readonly message: string
  /** UTF-8 bytes of `message`. */
  readonly messageBytes: number
  /** Index behind the piece. */
  readonly end: number
  /** What begins at `end`. */
  readonly next: Place['at']
}

export interface Cut {
  /** What begins at the index. */
  readonly at: Place['at']
  /** True when nothing will ever follow these bytes, so what is left at their end is a record too. */
  readonly complete: boolean
  /** UTF-8 bytes that one event may have; at least 4. */
  readonly eventBytes: number
}

/**
 * Cuts the piece that begins at `index`; `undefined`: its end is not there yet. The answer depends on the bytes alone,
 * never on how much of what follows is there already.
 */
export function nextPiece(bytes: Buffer, index: number, cut: Cut): Piece | undefined {
  if (index >= bytes.length) return undefined
  const terminator = bytes.indexOf(TERMINATOR, index)
  if (cut.at === 'passed') return passedPiece(bytes, index, terminator, cut.complete)

  const time = cut.at === 'start' ? leadingTime(bytes, index) : undefined
  const from = time === undefined ? index : index + PREFIX_BYTES
  if (terminator !== -1)
    return eventPiece(bytes, from, terminator, terminator + TERMINATOR.length, time, cut.eventBytes)
  // Enough to know that the event is too long for one piece, wherever it ends: the last byte may begin a terminator.
  if (bytes.length - from >= cut.eventBytes + TERMINATOR.length)
    return eventPiece(bytes, from, bytes.length, bytes.length, time, cut.eventBytes)
  if (!cut.complete) return undefined
  const to = bytes.at(-1) === RECORD_SEPARATOR ? bytes.length - 1 : bytes.length
  return eventPiece(bytes, from, Math.max(from, to), bytes.length, time, cut.eventBytes)
}

function eventPiece(
  bytes: Buffer,
  from: number,
  to: number,
  end: number,
  time: EpochMillis | undefined,
  eventBytes: number,
): Piece {
  const length = to - from
  const border = length * REPLACEMENT_BYTES <= eventBytes ? to : lastFit(bytes, from, to, eventBytes)
  const message = bytes.toString('utf8', from, border)
  const messageBytes = Buffer.byteLength(message)
  return border === to
    ? { time, message, messageBytes, end, next: 'start' }
    : { time, message, messageBytes, end: border, next: 'event' }
}

/** The last border between characters up to which `bytes` from `from` decode to at most so many bytes. */
function lastFit(bytes: Buffer, from: number, to: number, eventBytes: number): number {
  let length = Math.min(to - from, eventBytes)
  for (;;) {
    const border = from + length >= to ? to : characterBorder(bytes, from, from + length)
    const decoded = Buffer.byteLength(bytes.toString('utf8', from, border))
    if (decoded <= eventBytes) return border
    // Only invalid bytes grow when they are decoded.
    length = Math.floor((length * eventBytes) / decoded)
  }
}

/** `index`, or up to three bytes before it where a character of several bytes begins that `index` would cut. */
function characterBorder(bytes: Buffer, from: number, index: number): number {
  for (let border = index; border > from && border >= index - 3; border -= 1) {
    if (((bytes[border] ?? 0) & 0xc0) !== 0x80) return border
  }
  return index
}

function passedPiece(bytes: Buffer, index: number, terminator: number, complete: boolean): Piece | undefined {
  const nothing = { time: undefined, message: '', messageBytes: 0 }
  if (terminator !== -1) return { ...nothing, end: terminator + TERMINATOR.length, next: 'start' }
  if (complete) return { ...nothing, end: bytes.length, next: 'start' }
  const end = bytes.at(-1) === RECORD_SEPARATOR ? bytes.length - 1 : bytes.length
  return end > index ? { ...nothing, end, next: 'passed' } : undefined
}

function leadingTime(bytes: Buffer, index: number): EpochMillis | undefined {
  if (bytes[index + PREFIX_BYTES - 1] !== SPACE) return undefined
  let time = 0
  for (let at = index; at < index + PREFIX_BYTES - 1; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return undefined
    time = time * 10 + digit
  }
  return time
}
