import { expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { encodeBatch, LOG_TABLE } from '#stores/journals/log-events/log-table.ts'
import { GroupCommitter, type Urgency } from './group-committer.ts'
import type { Stamp } from './group-queue.ts'
import { DEFAULT_LIMITS, type JournalLimits } from './limits.ts'
import { RowLayout } from './row-layout.ts'
import { RowWriter } from './row-writer.ts'
import { scanSegment } from './scan-segment.ts'
import type { Segment } from './segment.ts'
import type { SegmentFile, SegmentFiles } from './segment-file.ts'
import { SlabPool } from './slab.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

/** A disk in memory that notes what it was asked for, and holds syncs back until they are let go. */
class NotingDisk implements SegmentFiles {
  readonly notes: string[] = []
  readonly contents = new Map<string, Buffer>()
  failWith: Error | undefined
  #held: (() => void)[] | undefined

  hold(): void {
    this.#held = []
  }

  letGo(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const resolve of held) resolve()
  }

  async create(firstSeq: number): Promise<SegmentFile> {
    const path = String(firstSeq)
    this.contents.set(path, Buffer.alloc(0))
    this.notes.push(`create ${path}`)
    return this.open(path)
  }

  async open(path: string): Promise<SegmentFile> {
    const { notes, contents } = this
    const bytes = (): Buffer => contents.get(path) ?? Buffer.alloc(0)
    return {
      path,
      write: async (buffers, position) => {
        notes.push('write')
        if (this.failWith !== undefined) throw this.failWith
        contents.set(path, Buffer.concat([bytes().subarray(0, position), ...buffers]))
      },
      sync: async () => {
        if (this.#held !== undefined) await new Promise<void>((resolve) => this.#held?.push(resolve))
        notes.push('sync')
      },
      read: async (into, position) => void bytes().copy(into, 0, position),
      size: async () => bytes().length,
      truncate: async (length) => {
        notes.push(`truncate ${String(length)}`)
        contents.set(path, bytes().subarray(0, length))
      },
      close: async () => {},
      remove: async () => {
        notes.push(`remove ${path}`)
        contents.delete(path)
      },
    }
  }
}

function setUp(limits: Partial<JournalLimits> = {}, idle = true) {
  const disk = new NotingDisk()
  const pool = new SlabPool()
  const layout = new RowLayout(LOG_TABLE)
  const opened: Segment[] = []
  const sealed: Segment[] = []
  const inserter = { idle }
  let now = 1_000
  const committer = new GroupCommitter({
    writer: new RowWriter(pool, layout.columns),
    pool,
    files: disk,
    clock: { now: () => now++ },
    telemetry: silentTelemetry,
    limits: { ...DEFAULT_LIMITS, sealAfterMillis: 3_600_000, ...limits },
    counter: 1,
    ingestionTime: 0,
    opened: (segment) => void opened.push(segment),
    sealed: (segment) => void sealed.push(segment),
    inserterIdle: () => inserter.idle,
  })
  const add = async (
    message: string,
    checkpoint?: { source: string; sequence: number; position: string },
    urgency?: Urgency,
  ): Promise<Stamp> => {
    const batch = { group: 1, stream: 1, events: listedEvents([{ timestamp: 1, message }]) }
    const stamp = await committer.add(checkpoint, (writer, given) => encodeBatch(writer, batch, given), urgency)
    disk.notes.push(`ack ${message}`)
    return stamp
  }
  const groupsIn = (segment: Segment | undefined): readonly number[] => {
    const bytes = disk.contents.get(segment?.file.path ?? '') ?? Buffer.alloc(0)
    return scanSegment(bytes, layout, { bytes, fileStart: 0, length: bytes.length }).groups.map(
      ({ runs }) => runs.length,
    )
  }
  return { disk, committer, add, opened, sealed, inserter, groupsIn }
}

test('an append is acknowledged only after its bytes were written and synced', async () => {
  const { disk, add, opened } = setUp()
  disk.hold()
  const appended = add('a')
  await new Promise((resolve) => void setTimeout(resolve, 5))
  expect(disk.notes).toEqual(['create 16384', 'write'])
  expect(opened).toEqual([])
  disk.letGo()
  expect(await appended).toEqual({ firstSeq: 16_384, ingestionTime: 1_000 })
  expect(disk.notes).toEqual(['create 16384', 'write', 'sync', 'ack a'])
  expect(opened[0]?.rows).toBe(1)
})

test('what comes while one commit is under way makes the next one, which begins when it ends', async () => {
  const { disk, add, opened, committer, groupsIn } = setUp()
  disk.hold()
  const first = add('a')
  await new Promise((resolve) => void setTimeout(resolve, 5))
  const others = [add('b'), add('c'), add('d')]
  await new Promise((resolve) => void setTimeout(resolve, 5))
  expect(disk.notes.filter((note) => note === 'write')).toHaveLength(1)
  expect(committer.pendingBytes).toBeGreaterThan(4 * 34)
  disk.letGo()
  await Promise.all([first, ...others])
  expect(disk.notes).toEqual(['create 16384', 'write', 'sync', 'ack a', 'write', 'sync', 'ack b', 'ack c', 'ack d'])
  expect(groupsIn(opened[0])).toEqual([1, 3])
  expect(committer.pendingBytes).toBe(0)
  expect(committer.durableNextSeq).toBe(committer.nextSeq)
})

test('what nobody waits for goes with the next that somebody waits for, or a moment later together', async () => {
  const { disk, add, opened, committer, groupsIn } = setUp()
  const later = [add('a', undefined, 'later'), add('b', undefined, 'later')]
  await new Promise((resolve) => void setImmediate(resolve))
  expect(disk.notes).toEqual([])
  await add('c')
  await Promise.all(later)
  expect(disk.notes).toEqual(['create 16384', 'write', 'sync', 'ack a', 'ack b', 'ack c'])
  await Promise.all([add('d', undefined, 'later'), add('e', undefined, 'later')])
  const asked = add('f', undefined, 'later')
  await committer.settled()
  await asked
  expect(groupsIn(opened[0])).toEqual([3, 2, 1])
})

test('a stream of batches that nobody waits for, coming while commits are under way, does not make them follow each other', async () => {
  const { disk, add } = setUp()
  const first = add('a')
  disk.hold()
  await new Promise((resolve) => void setTimeout(resolve, 5))
  const second = add('b', undefined, 'later')
  disk.letGo()
  await first
  await new Promise((resolve) => void setImmediate(resolve))
  expect(disk.notes.filter((note) => note === 'write').length).toBe(1)
  await second
  expect(disk.notes.filter((note) => note === 'write').length).toBe(2)
})

test('a refused write refuses everything behind it too, cuts the file where it was good, and the next append begins anew', async () => {
  const { disk, add, sealed, opened, committer, groupsIn } = setUp()
  await add('good')
  const good = disk.contents.get('16384')?.length ?? 0
  disk.failWith = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
  const first = Promise.allSettled([add('b', { source: 's', sequence: 1, position: '' })])
  await new Promise((resolve) => void setImmediate(resolve))
  const second = Promise.allSettled([add('c', { source: 's', sequence: 2, position: '' })])
  expect(committer.pendingPosition('s')?.sequence).toBe(2)
  const reason = { message: expect.stringContaining('the disk is full') as unknown }
  expect([...(await first), ...(await second)]).toEqual([
    { status: 'rejected', reason: expect.objectContaining(reason) as unknown },
    { status: 'rejected', reason: expect.objectContaining(reason) as unknown },
  ])
  expect(committer.pendingPosition('s')).toBeUndefined()
  expect(disk.contents.get('16384')?.length).toBe(good)
  expect(sealed).toEqual([opened[0]])
  disk.failWith = undefined
  const { firstSeq } = await add('d')
  expect(firstSeq).toBeGreaterThan(3 * 16_384)
  expect(opened).toHaveLength(2)
  expect(groupsIn(opened[1])).toEqual([1])
})

test('a segment without one good group leaves no file behind', async () => {
  const { disk, add, opened, sealed } = setUp()
  disk.failWith = new Error('broken')
  await expect(add('a')).rejects.toThrow('broken')
  expect(disk.contents.size).toBe(0)
  expect([opened, sealed]).toEqual([[], []])
})

test('a segment is sealed when it is big enough, and its last group is still in it', async () => {
  const { add, sealed, opened, groupsIn } = setUp({ segmentBytes: 200 })
  for (const message of ['a', 'b', 'c', 'd', 'e']) await add(message)
  expect(sealed.map(groupsIn)).toEqual([[1, 1, 1]])
  expect(opened).toHaveLength(2)
})

test('a segment is sealed at its age, but only when the one before it is inserted', async () => {
  const { add, sealed, inserter, committer } = setUp({ sealAfterMillis: 10 }, false)
  await add('a')
  await new Promise((resolve) => void setTimeout(resolve, 30))
  expect(sealed).toEqual([])
  inserter.idle = true
  committer.sealIfDue()
  expect(sealed).toHaveLength(1)
  await add('b')
  await expect.poll(() => sealed.length).toBe(2)
  expect(sealed.map(({ nextSeq }) => nextSeq / 16_384)).toEqual([2, 3])
  expect(sealed[1]?.firstSeq).toBe(sealed[0]?.nextSeq)
  committer.close()
})

test('while the disk stalls, full groups queue up for segments of their own instead of one that is too big', async () => {
  const { disk, add, opened, sealed, groupsIn, committer } = setUp({ segmentBytes: 150 })
  disk.hold()
  const first = add('a', { source: 's', sequence: 1, position: '' })
  await new Promise((resolve) => void setTimeout(resolve, 5))
  const rest = ['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((message, index) =>
    add(message, { source: 's', sequence: 2 + index, position: '' }),
  )
  expect(committer.pendingPosition('s')?.sequence).toBe(8)
  disk.letGo()
  await Promise.all([first, ...rest])
  await committer.settled()
  expect(opened.map(groupsIn)).toEqual([[1, 5], [2]])
  expect(sealed).toEqual([opened[0]])
  expect(opened[1]?.firstSeq).toBe(opened[0]?.nextSeq)
  expect(committer.pendingPosition('s')).toBeUndefined()
})
