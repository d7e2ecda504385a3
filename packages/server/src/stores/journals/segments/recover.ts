import { readdir } from 'node:fs/promises'
import type { EpochMillis } from '#kernel/ids.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { RowLayout } from './row-layout.ts'
import { scanSegment } from './scan-segment.ts'
import { Segment } from './segment.ts'
import { firstSeqIn, type SegmentFiles, segmentName } from './segment-file.ts'
import type { Slab, SlabPool } from './slab.ts'

export interface Recovered {
  /** Oldest first, all sealed. */
  readonly segments: readonly Segment[]
  /** Every seq in them is below it. */
  readonly nextSeq: number
  readonly ingestionTime: EpochMillis
}

export interface RecoverDeps {
  readonly directory: string
  readonly files: SegmentFiles
  readonly layout: RowLayout
  readonly pool: SlabPool
  readonly telemetry: Telemetry
  /** Segments that end at or below it were committed already; only their deletion was missed. */
  readonly committedSeq: number
}

/** Reads the segments that an earlier run left, cuts each at its last good mark and removes empty ones. */
export async function recoverSegments(deps: RecoverDeps): Promise<Recovered> {
  const names = (await readdir(deps.directory)).filter((name) => firstSeqIn(name) !== undefined).sort()
  const segments: Segment[] = []
  let nextSeq = 0
  let ingestionTime = 0
  for (const name of names) {
    const segment = await recoverSegment(deps, firstSeqIn(name) ?? 0)
    // Even the number of a cut segment is not given out again.
    nextSeq = Math.max(nextSeq, segment.nextSeq)
    ingestionTime = Math.max(ingestionTime, segment.ingestionTime)
    if (segment.bytes > 0 && segment.nextSeq > deps.committedSeq) segments.push(segment)
    else await segment.leave()
  }
  return { segments, nextSeq, ingestionTime }
}

async function recoverSegment({ files, layout, pool, telemetry }: RecoverDeps, firstSeq: number): Promise<Segment> {
  const file = await files.open(segmentName(firstSeq))
  const segment = new Segment(firstSeq, file, pool, false)
  segment.sealed = true
  const size = await file.size()
  const bytes = Buffer.allocUnsafeSlow(size)
  await file.read(bytes, 0)
  // The rows stay in the file; only the index is kept.
  const slab: Slab = { bytes: undefined, fileStart: 0, length: 0 }
  const { groups, goodBytes, damage } = scanSegment(bytes, layout, slab)
  slab.length = goodBytes
  let start = 0
  for (const group of groups) {
    segment.add({ ...group, bytes: group.end - start })
    start = group.end
  }
  if (goodBytes === size) return segment
  // Zeros are room that was made for more; anything else is what a crash left of a group.
  if (bytes.subarray(goodBytes).some((byte) => byte !== 0)) {
    telemetry.log.error({
      event: 'journal_segment_cut',
      file: file.path,
      keptBytes: goodBytes,
      cutBytes: size - goodBytes,
      keptRows: segment.rows,
      reason: damage ?? 'it ends within a row',
      message:
        'cut the end of a segment that was not completely written; nothing behind its last good mark had been acknowledged unless the disk was damaged',
    })
  }
  await file.truncate(goodBytes)
  return segment
}
