import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { Backlogged, type LogBatch, type LogJournal } from '#stores/journals/log-journal.ts'
import { diskSegmentFiles, type SegmentFile, type SegmentFiles } from '#stores/journals/segments/segment-file.ts'
import { openLogJournalIn, pausedColumns, settled } from '../../../../../testkit/src/journal-bench.ts'
import { TODAY } from '../../../../../testkit/src/journal-contract.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const NEVER = 3_600_000
const directories: string[] = []
const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'journal-faults-'))
  directories.push(directory)
  return directory
}
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

const numbered = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    timestamp: TODAY + first + index,
    message: `event ${String(first + index)}`,
  }))
const messagesOf = async (journal: LogJournal, group = 1): Promise<readonly string[]> =>
  (await journal.query({ group, order: 'ascending', limit: 100_000, signal: AbortSignal.timeout(30_000) })).map(
    ({ message }) => message,
  )
const expected = (count: number): readonly string[] => numbered(0, count).map(({ message }) => message)

/** A disk that refuses one kind of work while it is told to. */
function failingDisk(): {
  readonly files: (directory: string) => SegmentFiles
  fail: 'create' | 'write' | 'sync' | 'nothing'
} {
  const full = (): Error => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  const wrapped = (file: SegmentFile): SegmentFile => ({
    path: file.path,
    read: (into, position) => file.read(into, position),
    size: () => file.size(),
    truncate: (bytes) => file.truncate(bytes),
    close: () => file.close(),
    remove: () => file.remove(),
    write: async (buffers, position) => {
      const [first] = buffers
      // A disk that fills up takes the beginning.
      if (disk.fail === 'write' && first !== undefined)
        await file.write([first.subarray(0, first.length / 2)], position)
      else await file.write(buffers, position)
      if (disk.fail === 'write') throw full()
    },
    sync: async () => {
      if (disk.fail === 'sync') throw full()
      await file.sync()
    },
  })
  const disk: ReturnType<typeof failingDisk> = {
    fail: 'nothing',
    files: (directory) => {
      const files = diskSegmentFiles(directory)
      return {
        create: async (firstSeq) => {
          if (disk.fail === 'create') throw full()
          return wrapped(await files.create(firstSeq))
        },
        open: async (name) => wrapped(await files.open(name)),
      }
    },
  }
  return disk
}

test.each(['create', 'write', 'sync'] as const)(
  'a full disk (%s) refuses the batch in a sentence, loses nothing acknowledged, and takes it again once there is space',
  async (fail) => {
    const disk = failingDisk()
    const directory = newDirectory()
    const opened = await openLogJournalIn(directory, {
      files: disk.files,
      limits: { sealAfterMillis: 100, segmentBytes: 10_000_000 },
    })
    const { journal } = opened
    const deliver = (sequence: number) =>
      journal.append({
        group: 1,
        stream: 1,
        events: listedEvents(numbered((sequence - 1) * 10, 10)),
        checkpoint: { source: 's', sequence, position: String(sequence) },
      })
    if (fail !== 'create') await deliver(1)
    disk.fail = fail
    const failed = fail === 'create' ? 1 : 2
    const refused = await Promise.allSettled([deliver(failed), deliver(failed + 1)])
    for (const result of refused) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { name: 'JournalWriteFailed', message: expect.stringContaining('the disk is full') as unknown },
      })
    }
    expect(await messagesOf(journal)).toEqual(expected((failed - 1) * 10))
    expect((await journal.checkpoint('s'))?.sequence).toBe(failed === 1 ? undefined : 1)
    disk.fail = 'nothing'
    expect(await deliver(failed)).toMatchObject({ repeated: false })
    expect(await deliver(failed + 1)).toMatchObject({ repeated: false })
    expect(await messagesOf(journal)).toEqual(expected((failed + 1) * 10))
    await settled(journal)
    expect(await messagesOf(journal)).toEqual(expected((failed + 1) * 10))
    await opened.close()
    const again = await openLogJournalIn(directory)
    expect(await messagesOf(again.journal)).toEqual(expected((failed + 1) * 10))
    await again.close()
  },
)

test('while the column store is held up, appends are acknowledged up to a bound, then refused until it catches up', async () => {
  const paused = pausedColumns()
  const { journal, close } = await openLogJournalIn(newDirectory(), {
    wrap: paused.wrap,
    limits: { sealAfterMillis: 20, waitingBytes: 200_000, segmentBytes: 50_000, memoryBytes: 60_000 },
  })
  let accepted = 0
  let refusal: unknown
  while (refusal === undefined && accepted < 100_000) {
    await journal.append({ group: 1, stream: 1, events: listedEvents(numbered(accepted, 100)) }).then(
      () => (accepted += 100),
      (error: unknown) => (refusal = error),
    )
  }
  expect(refusal).toBeInstanceOf(Backlogged)
  expect(journal.health().waitingBytes).toBeGreaterThan(150_000)
  // Most of it is in files only by now, and still every event is read once and in order.
  expect(await messagesOf(journal)).toEqual(expected(accepted))
  const newest = await journal.query({ group: 1, order: 'descending', limit: 3, signal: AbortSignal.timeout(5_000) })
  expect(newest.map(({ message }) => message)).toEqual(expected(accepted).slice(-3).toReversed())
  paused.resume()
  await settled(journal)
  await journal.append({ group: 1, stream: 1, events: listedEvents(numbered(accepted, 100)) })
  expect(await messagesOf(journal)).toEqual(expected(accepted + 100))
  await close()
})

test('while the column store restarts, appends are acknowledged, recent events are read, and older ones waited for', async () => {
  const { journal, columns, close } = await openLogJournalIn(newDirectory(), { limits: { sealAfterMillis: 20 } })
  await journal.append({ group: 1, stream: 1, events: listedEvents(numbered(0, 10)) })
  await settled(journal)
  process.kill(columns.pid ?? 0, 'SIGKILL')
  await expect.poll(() => journal.health().columnStore).toBe('restarting')
  expect(journal.health().lastError).toContain('the column store stopped')
  await journal.append({ group: 1, stream: 1, events: listedEvents(numbered(10, 10)) })
  await journal.append({ group: 2, stream: 1, events: listedEvents(numbered(0, 5)) })
  const began = performance.now()
  expect(await messagesOf(journal, 2)).toEqual(expected(5))
  expect(performance.now() - began).toBeLessThan(500)
  expect(journal.health().columnStore).toBe('restarting')
  expect(await messagesOf(journal)).toEqual(expected(20))
  expect(journal.health().columnStore).toBe('running')
  await close()
})

test('while events come in and are inserted, every query sees exactly what was acknowledged before it', async () => {
  const { journal, close } = await openLogJournalIn(newDirectory(), {
    limits: { sealAfterMillis: 5, segmentBytes: 30_000 },
  })
  let acknowledged = 0
  let writing = true
  const write = async (): Promise<void> => {
    try {
      for (let round = 0; round < 150; round++) {
        const count = 1 + (round % 200)
        await journal.append({ group: 1, stream: 1, events: listedEvents(numbered(acknowledged, count)) })
        acknowledged += count
      }
    } finally {
      writing = false
    }
  }
  const read = async (): Promise<number> => {
    let reads = 0
    for (; writing; reads++) {
      const atLeast = acknowledged
      const order = reads % 2 === 0 ? 'ascending' : 'descending'
      const found = await journal.query({ group: 1, order, limit: 100_000, signal: AbortSignal.timeout(30_000) })
      const texts = found.map(({ message }) => message)
      expect(order === 'ascending' ? texts : texts.toReversed()).toEqual(expected(found.length))
      expect(found.length).toBeGreaterThanOrEqual(atLeast)
    }
    return reads
  }
  const [, ...reads] = await Promise.all([write(), read(), read(), read()])
  expect(Math.min(...reads)).toBeGreaterThan(3)
  await settled(journal)
  expect(await messagesOf(journal)).toEqual(expected(acknowledged))
  await close()
})

test('a journal that is closed takes nothing more', async () => {
  const { journal, close } = await openLogJournalIn(newDirectory(), { limits: { sealAfterMillis: NEVER } })
  await close()
  await expect(journal.append({ group: 1, stream: 1, events: listedEvents(numbered(0, 1)) })).rejects.toThrow('closed')
})

test('a batch that breaks the rules changes nothing', async () => {
  const { journal, close } = await openLogJournalIn(newDirectory(), { limits: { sealAfterMillis: NEVER } })
  const wrong: readonly Partial<LogBatch>[] = [
    {
      events: listedEvents([
        { timestamp: 2, message: 'x' },
        { timestamp: 1, message: 'y' },
      ]),
    },
    { events: listedEvents([{ timestamp: -1, message: 'x' }]) },
    { events: listedEvents([{ timestamp: 1.5, message: 'x' }]) },
    { events: listedEvents(numbered(0, 10_001)) },
    { group: 0xffff_ffff },
    { stream: -1 },
  ]
  for (const part of wrong) {
    await expect(
      journal.append({ group: 1, stream: 1, events: listedEvents(numbered(0, 1)), ...part }),
    ).rejects.toThrow(RangeError)
  }
  expect(await messagesOf(journal)).toEqual([])
  await close()
})
