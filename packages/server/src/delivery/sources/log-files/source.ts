import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { Batch, type BatchLimits } from '#delivery/batch.ts'
import type { LogFilesSource } from '#delivery/delivery.ts'
import { bytesLost, fileNotDeleted, filesMissing, newRunFound } from '#delivery/events.ts'
import type { DeliveryLimits } from '#delivery/limits.ts'
import { type Mark, type Source, type SourceBatch, furthest } from '#delivery/source.ts'
import { DirectoryWatch } from '#delivery/sources/log-files/directory-watch.ts'
import { gather } from '#delivery/sources/log-files/gather.ts'
import { readLedger, writeLedger } from '#delivery/sources/log-files/ledger.ts'
import {
  type LogFile,
  fileName,
  following,
  isMissing,
  listLogFiles,
  whereabouts,
} from '#delivery/sources/log-files/listing.ts'
import { OpenLogFile } from '#delivery/sources/log-files/open-log-file.ts'
import { FIRST_PLACE, type Place, markOf, placeOf, startOf } from '#delivery/sources/log-files/place.ts'
import { RECORD_FORMS, type RecordForm } from '#delivery/sources/log-files/records.ts'

export interface LogFilesDeps {
  /** The delivery's id, for log lines. */
  readonly delivery: string
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly limits: Pick<DeliveryLimits, 'pollMillis' | 'unwatchedPollMillis' | 'sourceBytes'>
}

/** A place, with its file open. */
interface Found {
  readonly file: OpenLogFile
  readonly place: Place
}

/** Files that are left when nothing is delivered. */
const FILES_KEPT_WHEN_DISCARDING = 2

/** What the marker event says in place of what was given up. */
const lossMarker = (bytes: number, boundBytes: number): string =>
  `${String(bytes)} bytes of this log were given up here: more than ${String(boundBytes)} bytes waited for delivery, so the oldest were deleted.`

/** Numbered log files, written in place by a broker; see the folder's README for the rules. */
export class LogFiles implements Source {
  readonly #directory: string
  readonly #prefix: string
  readonly #form: RecordForm
  readonly #deps: LogFilesDeps
  readonly #watch: DirectoryWatch
  #files: readonly LogFile[] = []
  #open: OpenLogFile | undefined
  #lostBytes = 0
  /** What was logged last, so that reading the same place again does not log it again. */
  #announced = ''

  constructor({ directory, prefix, records = 'stamped' }: LogFilesSource, deps: LogFilesDeps) {
    this.#directory = directory
    this.#prefix = prefix
    this.#form = RECORD_FORMS[records]
    this.#deps = deps
    this.#watch = new DirectoryWatch(directory, prefix, deps.limits)
  }

  get lostBytes(): number {
    return this.#lostBytes
  }

  async open(committed: Mark | undefined): Promise<Mark> {
    const ledger = await readLedger(this.#ledgerPath)
    this.#lostBytes = ledger?.lostBytes ?? 0
    const mark = furthest(committed ?? markOf(0, FIRST_PLACE), ledger?.mark)
    placeOf(mark)
    return mark
  }

  async look(): Promise<void> {
    this.#watch.reset()
    const files = await listLogFiles(this.#directory, this.#prefix, this.#files)
    if (files === undefined) this.#watch.disarm()
    this.#files = files ?? []
    await this.#measureOpenFile()
  }

  async changed(signal: AbortSignal): Promise<void> {
    if (this.#watch.arm() && (await this.#hasChanged())) return
    while (!signal.aborted) {
      if (await this.#watch.wait(signal)) return
      if (!signal.aborted && (await this.#hasChanged())) {
        this.#watch.missed()
        return
      }
    }
  }

  async read(from: Mark, limits: BatchLimits): Promise<SourceBatch> {
    const place = placeOf(from)
    return this.#lostBytes > place.told
      ? this.#marker(from.sequence, place, limits)
      : this.#collect(from.sequence, place, limits)
  }

  async #collect(sequence: number, start: Place, limits: BatchLimits): Promise<SourceBatch> {
    const batch = new Batch(limits)
    const { clock } = this.#deps
    let place = start
    let full = false
    for (;;) {
      const at = await this.#goTo(place)
      if (at === undefined) break
      const next = following(this.#files, at.file)
      const gathered = await gather(at.file, at.place, batch, {
        clock,
        eventBytes: limits.eventBytes,
        form: this.#form,
        final: next !== undefined,
      })
      sequence += gathered.place.offset - at.place.offset
      ;({ place, full } = gathered)
      place = { ...place, head: await at.file.fingerprint(place.offset) }
      if (full || next === undefined || place.offset < at.file.size) break
      place = startOf(next.number, place)
    }
    return { events: batch.events, next: markOf(sequence, place), more: full }
  }

  /** The event that stands for what was given up; its time is that of the event behind the gap. */
  async #marker(sequence: number, place: Place, limits: BatchLimits): Promise<SourceBatch> {
    const { events } = await this.#collect(sequence, place, { ...limits, events: 1 })
    const timestamp = Math.max(place.time, events[0]?.timestamp ?? this.#deps.clock.now())
    const message = lossMarker(this.#lostBytes - place.told, this.#deps.limits.sourceBytes)
    return {
      events: [{ timestamp, message }],
      next: markOf(sequence, { ...place, told: this.#lostBytes, time: timestamp }),
      more: true,
    }
  }

  async release(mark: Mark): Promise<void> {
    const { number, inode } = placeOf(mark)
    const where = whereabouts(this.#files, { number, inode })
    // Without the place's own file it cannot be told which of the others were delivered.
    if (where?.kind === 'same') await this.#delete((file) => file.number < number)
  }

  isOverfull(from: Mark): boolean {
    const waiting = this.#waitingFiles(placeOf(from))
    return waiting.length > 1 && totalSize(waiting) > this.#deps.limits.sourceBytes
  }

  async makeRoom(from: Mark): Promise<Mark> {
    const place = placeOf(from)
    const { sourceBytes } = this.#deps.limits
    const kept = [...this.#waitingFiles(place)]
    while (kept.length > 1 && totalSize(kept) > sourceBytes) kept.shift()
    const [first] = kept
    if (first === undefined) return from
    const bytes = this.lagBytes(from) - totalSize(kept)
    if (bytes <= 0) return from
    const mark = markOf(from.sequence + bytes, startOf(first.number, place))
    await writeLedger(this.#ledgerPath, { mark, lostBytes: this.#lostBytes + bytes })
    this.#lostBytes += bytes
    bytesLost(this.#deps.telemetry, { delivery: this.#deps.delivery, bytes, boundBytes: sourceBytes })
    const keptFiles = new Set(kept)
    await this.#delete((file) => !keptFiles.has(file))
    return mark
  }

  async skip(from: Mark): Promise<void> {
    const highest = this.#files.at(-1)
    if (highest === undefined) return
    const at = await this.#goTo(startOf(highest.number, placeOf(from)))
    if (at === undefined)
      throw new Error(`${fileName(this.#prefix, highest.number)} was replaced while it was being passed over`)
    const end = await endOf(at.file, this.#form)
    const place: Place = { ...at.place, ...end, head: await at.file.fingerprint(end.offset), told: this.#lostBytes }
    // One more than the bytes, so that it is further than what is committed even when nothing was left.
    const mark = markOf(from.sequence + this.lagBytes(from) + 1, place)
    await writeLedger(this.#ledgerPath, { mark, lostBytes: this.#lostBytes })
    await this.#delete((file) => file.number < highest.number)
  }

  async discard(): Promise<void> {
    const kept = new Set(this.#files.slice(-FILES_KEPT_WHEN_DISCARDING))
    await this.#delete((file) => !kept.has(file))
  }

  lagBytes(from: Mark): number {
    const place = placeOf(from)
    const waiting = this.#waitingFiles(place)
    const read = whereabouts(waiting, place)?.kind === 'same' ? place.offset : 0
    return Math.max(0, totalSize(waiting) - read)
  }

  async close(): Promise<void> {
    this.#watch.disarm()
    await this.#closeFile()
  }

  get #ledgerPath(): string {
    return join(this.#directory, `${this.#prefix}.passed.json`)
  }

  /** The files that are not delivered yet, or not whole. */
  #waitingFiles(place: Place): readonly LogFile[] {
    const where = whereabouts(this.#files, place)
    return where === undefined ? [] : this.#files.filter((file) => file.number >= where.file.number)
  }

  async #hasChanged(): Promise<boolean> {
    const files = (await listLogFiles(this.#directory, this.#prefix, this.#files)) ?? []
    if (files.length !== this.#files.length || files.some((file, index) => !isSame(file, this.#files[index])))
      return true
    return this.#open !== undefined && (await this.#open.measure()) !== this.#open.size
  }

  /** The listing takes the word of an earlier one for files that should not change; an open file knows better. */
  #correct({ number, inode, size }: OpenLogFile): void {
    this.#files = this.#files.map((file) =>
      file.number === number && file.inode !== inode ? { number, inode, size } : file,
    )
  }

  async #measureOpenFile(): Promise<void> {
    const file = this.#open
    if (file === undefined) return
    const listed = this.#files.find(({ number, inode }) => number === file.number && inode === file.inode)
    file.size = listed?.size ?? (await file.measure())
  }

  /** The file of a place, open, and the place in it; another one when the writer began a new run or files are missing. */
  async #goTo(place: Place): Promise<Found | undefined> {
    const open = this.#open
    if (open !== undefined && open.number === place.number && open.inode === place.inode) {
      return place.offset <= open.size ? { file: open, place } : this.#newRun(place, open.number)
    }
    const where = whereabouts(this.#files, place)
    if (where === undefined) return undefined
    if (where.kind === 'new-run') return this.#newRun(place, where.file.number)
    if (where.kind === 'next') {
      if (place.number > 0)
        this.#announce(`missing ${String(place.number)}`, () => this.#missing(place.number, where.file.number))
      return this.#goTo(startOf(where.file.number, place))
    }
    return this.#openAt(place)
  }

  async #openAt(place: Place): Promise<Found | undefined> {
    await this.#closeFile()
    const file = await OpenLogFile.open(join(this.#directory, fileName(this.#prefix, place.number)), place.number)
    this.#open = file
    if (file === undefined || (place.inode !== '' && file.inode !== place.inode)) {
      // It was replaced after the look; the next look sees it.
      this.#watch.notice()
      await this.#closeFile()
      return undefined
    }
    this.#correct(file)
    if (!(await file.holds(place))) return this.#newRun(place, this.#files[0]?.number ?? place.number)
    return { file, place: { ...place, inode: file.inode } }
  }

  #newRun(place: Place, number: number): Promise<Found | undefined> {
    const file = fileName(this.#prefix, number)
    this.#announce(`new run ${place.inode}`, () =>
      newRunFound(this.#deps.telemetry, { delivery: this.#deps.delivery, file }),
    )
    return this.#openAt(startOf(number, place))
  }

  #missing(number: number, nextNumber: number): void {
    filesMissing(this.#deps.telemetry, { delivery: this.#deps.delivery, number, nextNumber })
  }

  #announce(what: string, tell: () => void): void {
    if (this.#announced === what) return
    this.#announced = what
    tell()
  }

  /** Deletes files that were chosen, but never the highest one: the writer goes on counting from it. */
  async #delete(isChosen: (file: LogFile) => boolean): Promise<void> {
    const chosen = this.#files.slice(0, -1).filter(isChosen)
    if (chosen.length === 0) return
    const deleted = new Set<LogFile>()
    for (const file of chosen) {
      const name = fileName(this.#prefix, file.number)
      try {
        await unlink(join(this.#directory, name))
        deleted.add(file)
      } catch (error) {
        if (isMissing(error)) deleted.add(file)
        else
          this.#announce(`kept ${name}`, () =>
            fileNotDeleted(this.#deps.telemetry, {
              delivery: this.#deps.delivery,
              file: name,
              reason: messageOf(error),
            }),
          )
      }
    }
    this.#files = this.#files.filter((file) => !deleted.has(file))
    const gone = [...deleted].some(({ number, inode }) => number === this.#open?.number && inode === this.#open.inode)
    if (gone) await this.#closeFile()
  }

  async #closeFile(): Promise<void> {
    const file = this.#open
    this.#open = undefined
    await file?.close()
  }
}

/** The end of what is written, and whether a record is whole there. */
async function endOf(file: OpenLogFile, { terminator }: RecordForm): Promise<Pick<Place, 'offset' | 'at'>> {
  const { length } = terminator
  const last = await file.read(Math.max(0, file.size - length), Math.min(file.size, length))
  if (file.size === 0 || last.equals(terminator)) return { offset: file.size, at: 'start' }
  // A terminator of which only the first byte is there must be seen whole later.
  const halfTerminator = length > 1 && last.at(-1) === terminator[0]
  return { offset: halfTerminator ? file.size - 1 : file.size, at: 'passed' }
}

const totalSize = (files: readonly LogFile[]): number => files.reduce((total, { size }) => total + size, 0)

const isSame = (file: LogFile, other: LogFile | undefined): boolean =>
  file.number === other?.number && file.inode === other.inode && file.size === other.size
