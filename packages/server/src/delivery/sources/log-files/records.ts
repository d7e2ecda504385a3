import type { EpochMillis } from '#kernel/ids.ts'
import type { Place } from '#delivery/sources/log-files/place.ts'

/** What ends a record, and where its time stands. */
export interface RecordForm {
  readonly terminator: Buffer
  /** Bytes before the event that are not part of it; none of a record that does not begin with its time. */
  readonly prefixBytes: number
  /** The time with which the record at the index begins, if it does. */
  readonly leadingTime: (bytes: Buffer, index: number) => EpochMillis | undefined
}

const SPACE = 0x20
/** `<epoch millis> `: thirteen digits, which lasts until the year 2286, and a space. */
const PREFIX_BYTES = 14
/** Digits, blanks and signs of `2026-11-21 03:17:35.611696+00:00 `. */
const LINE_TIME_BYTES = 33
const LINE_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\d{3}\+00:00 $/

/**
 * `stamped`: ended by U+001E and a line feed; the layout replaces U+001E inside messages, so nobody can forge an end.
 * `lines`: each line is an event, time included, as Erlang's programs write them, who begin every line of a message anew.
 */
export const RECORD_FORMS = {
  stamped: { terminator: Buffer.from('\u001e\n'), prefixBytes: PREFIX_BYTES, leadingTime: stampedTime },
  lines: { terminator: Buffer.from('\n'), prefixBytes: 0, leadingTime: lineTime },
} as const satisfies Readonly<Record<string, RecordForm>>

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
  readonly form: RecordForm
}

/**
 * Cuts the piece that begins at `index`; `undefined`: its end is not there yet. The answer depends on the bytes alone,
 * never on how much of what follows is there already.
 */
export function nextPiece(bytes: Buffer, index: number, cut: Cut): Piece | undefined {
  if (index >= bytes.length) return undefined
  const { form } = cut
  const terminator = bytes.indexOf(form.terminator, index)
  if (cut.at === 'passed') return passedPiece(bytes, index, terminator, cut)

  const time = cut.at === 'start' ? form.leadingTime(bytes, index) : undefined
  const from = time === undefined ? index : index + form.prefixBytes
  if (terminator !== -1)
    return eventPiece(bytes, from, terminator, terminator + form.terminator.length, time, cut.eventBytes)
  // Enough to know that the event is too long for one piece, wherever it ends: the last byte may begin a terminator.
  if (bytes.length - from >= cut.eventBytes + form.terminator.length)
    return eventPiece(bytes, from, bytes.length, bytes.length, time, cut.eventBytes)
  if (!cut.complete) return undefined
  return eventPiece(bytes, from, Math.max(from, endWithin(bytes, form)), bytes.length, time, cut.eventBytes)
}

/** Where the bytes end, without the first byte of a terminator of which the rest is not there. */
const endWithin = (bytes: Buffer, { terminator }: RecordForm): number =>
  terminator.length > 1 && bytes.at(-1) === terminator[0] ? bytes.length - 1 : bytes.length

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

function passedPiece(bytes: Buffer, index: number, terminator: number, { complete, form }: Cut): Piece | undefined {
  const nothing = { time: undefined, message: '', messageBytes: 0 }
  if (terminator !== -1) return { ...nothing, end: terminator + form.terminator.length, next: 'start' }
  if (complete) return { ...nothing, end: bytes.length, next: 'start' }
  const end = endWithin(bytes, form)
  return end > index ? { ...nothing, end, next: 'passed' } : undefined
}

function lineTime(bytes: Buffer, index: number): EpochMillis | undefined {
  const [, day, time] = LINE_TIME.exec(bytes.toString('latin1', index, index + LINE_TIME_BYTES)) ?? []
  if (day === undefined || time === undefined) return undefined
  const millis = Date.parse(`${day}T${time}Z`)
  return Number.isNaN(millis) ? undefined : millis
}

function stampedTime(bytes: Buffer, index: number): EpochMillis | undefined {
  if (bytes[index + PREFIX_BYTES - 1] !== SPACE) return undefined
  let time = 0
  for (let at = index; at < index + PREFIX_BYTES - 1; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return undefined
    time = time * 10 + digit
  }
  return time
}
