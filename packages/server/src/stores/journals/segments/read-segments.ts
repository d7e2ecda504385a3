import { Heap } from './heap.ts'
import type { RowLayout } from './row-layout.ts'
import { AscendingCursor, DescendingCursor, type RowFilter, type RunCursor } from './run-cursor.ts'
import type { Run } from './run.ts'
import type { Segment } from './segment.ts'
import type { Slab } from './slab.ts'

export interface SegmentRead {
  readonly segments: readonly Segment[]
  readonly layout: RowLayout
  readonly group: number
  /** Which runs may hold wanted rows. */
  readonly wants: (run: Run) => boolean
  /** A filter for the rows of one run, which lie in `bytes`. */
  readonly filterFor: (bytes: Buffer, run: Run) => RowFilter
  readonly order: 'ascending' | 'descending'
  /** Gets the wanted rows in order of (timestamp, seq); false: no more are wanted. */
  readonly take: (bytes: Buffer, row: number, end: number) => boolean
  readonly signal: AbortSignal
}

/** The event loop gets its turn after so much work. */
const SLICE_MILLIS = 8
const ROWS_BETWEEN_CHECKS = 256

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

interface Found {
  readonly segment: Segment
  readonly run: Run
}

/** Yields rows of segments in order, whether their bytes are in memory or in the file. */
export async function readSegments(read: SegmentRead): Promise<void> {
  // At least one turn, or a loop of short reads would keep everything else from happening.
  await nextTurn()
  read.signal.throwIfAborted()
  const ascending = read.order === 'ascending'
  const runs = findRuns(read)
  runs.sort(
    ascending
      ? (a, b) => a.run.firstTimestamp - b.run.firstTimestamp
      : (a, b) => b.run.lastTimestamp - a.run.lastTimestamp,
  )
  const isBefore = (a: RunCursor, b: RunCursor): boolean =>
    ascending
      ? a.timestamp < b.timestamp || (a.timestamp === b.timestamp && a.seq < b.seq)
      : a.timestamp > b.timestamp || (a.timestamp === b.timestamp && a.seq > b.seq)
  const open = new Heap<RunCursor>(isBefore)
  const slabs = new SlabReader()
  const pause = new Pause(read.signal)
  let next = 0

  for (;;) {
    // A run is opened only when a row of it may be next: a short page opens few.
    for (
      let found = runs[next];
      found !== undefined && mayComeBefore(found.run, open.top, ascending);
      found = runs[++next]
    ) {
      const cursor = openCursor(await slabs.bytesOf(found), found.run, read)
      if (cursor.advance()) open.push(cursor)
      if (pause.isDue(found.run.rows)) await pause.take()
    }
    const cursor = open.top
    if (cursor === undefined) return
    if (!read.take(cursor.bytes, cursor.row, cursor.end)) return
    if (cursor.advance()) open.sink()
    else open.pop()
    if (pause.isDue(1)) await pause.take()
  }
}

function findRuns({ segments, group, wants }: SegmentRead): Found[] {
  const found: Found[] = []
  for (const segment of segments) {
    for (const run of segment.runsOf.get(group) ?? []) if (wants(run)) found.push({ segment, run })
  }
  return found
}

const mayComeBefore = (run: Run, top: RunCursor | undefined, ascending: boolean): boolean =>
  top === undefined || (ascending ? run.firstTimestamp <= top.timestamp : run.lastTimestamp >= top.timestamp)

function openCursor(bytes: Buffer, run: Run, { layout, order, filterFor }: SegmentRead): RunCursor {
  const accept = filterFor(bytes, run)
  return order === 'ascending'
    ? new AscendingCursor(bytes, run, layout, accept)
    : new DescendingCursor(bytes, run, layout, accept)
}

/** Fetches slabs that only the file has; the last one is kept, since runs that follow each other share it. */
class SlabReader {
  #slab: Slab | undefined
  #bytes: Buffer = Buffer.alloc(0)

  async bytesOf({ segment, run }: Found): Promise<Buffer> {
    if (run.slab.bytes !== undefined) return run.slab.bytes
    if (this.#slab !== run.slab) {
      const bytes = Buffer.allocUnsafeSlow(run.slab.length)
      await segment.file.read(bytes, run.slab.fileStart)
      this.#slab = run.slab
      this.#bytes = bytes
    }
    return this.#bytes
  }
}

/** Lets others run between slices of a long walk, and notices that the reader has gone. */
class Pause {
  readonly #signal: AbortSignal
  #since = performance.now()
  #rows = 0

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  isDue(rows: number): boolean {
    this.#rows += rows
    if (this.#rows < ROWS_BETWEEN_CHECKS) return false
    this.#rows = 0
    return performance.now() - this.#since >= SLICE_MILLIS
  }

  async take(): Promise<void> {
    await nextTurn()
    this.#signal.throwIfAborted()
    this.#since = performance.now()
  }
}
