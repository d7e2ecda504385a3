import type { Clock } from '#kernel/clock.ts'
import type { Batch } from '#delivery/batch.ts'
import { eventTime } from '#delivery/sources/log-files/event-time.ts'
import type { OpenLogFile } from '#delivery/sources/log-files/open-log-file.ts'
import type { Place } from '#delivery/sources/log-files/place.ts'
import { type RecordForm, nextPiece } from '#delivery/sources/log-files/records.ts'

/** Bytes read at a time. */
const CHUNK_BYTES = 262_144
/** What a record may have beside its event: time, terminator, and the bytes that tell a character's end. */
const RECORD_EXTRA_BYTES = 64

export interface Gathering {
  readonly clock: Clock
  readonly eventBytes: number
  readonly form: RecordForm
  /** True when the writer is done with the file. */
  readonly final: boolean
}

export interface Gathered {
  readonly place: Place
  /** True when an event did not fit into the batch; it begins at `place`. */
  readonly full: boolean
}

/**
 * Puts the file's events from `place` on into the batch, until one does not fit or the rest is not complete. Nothing is
 * kept between calls: an incomplete record is read again when there is more of it.
 */
export async function gather(file: OpenLogFile, place: Place, batch: Batch, how: Gathering): Promise<Gathered> {
  const roomy = how.eventBytes + RECORD_EXTRA_BYTES
  let chunk = Math.min(CHUNK_BYTES, roomy)
  while (place.offset < file.size) {
    const left = file.size - place.offset
    const bytes = await file.read(place.offset, Math.min(chunk, left))
    const gathered = take(bytes, place, batch, how, how.final && bytes.length === left)
    if (gathered.full) return gathered
    const stuck = gathered.place.offset === place.offset
    place = gathered.place
    if (stuck && (bytes.length < chunk || chunk === roomy)) break
    chunk = stuck ? roomy : Math.min(CHUNK_BYTES, roomy)
  }
  return { place, full: false }
}

function take(
  bytes: Buffer,
  from: Place,
  batch: Batch,
  { clock, eventBytes, form }: Gathering,
  complete: boolean,
): Gathered {
  const now = clock.now()
  const ahead = clock.offset ?? 0
  let { at, time } = from
  let index = 0
  let full = false
  for (;;) {
    const piece = nextPiece(bytes, index, { at, complete, eventBytes, form })
    if (piece === undefined) break
    if (piece.message !== '') {
      const timestamp = eventTime(piece.time === undefined ? undefined : piece.time + ahead, time, now)
      full = !batch.add({ timestamp, message: piece.message }, piece.messageBytes)
      if (full) break
      time = timestamp
    }
    index = piece.end
    at = piece.next
  }
  return { place: { ...from, offset: from.offset + index, at, time }, full }
}
