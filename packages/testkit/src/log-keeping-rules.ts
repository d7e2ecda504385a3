import { expect, test } from 'vitest'
import type { Appended, LogBatch } from '../../server/src/stores/journals/log-journal.ts'
import { eventually } from './eventually.ts'
import { DAY, TODAY } from './journal-home.ts'
import { events, type LogJournalDesk, messages } from './log-journal-desk.ts'
import { eventObjects, listedEvents } from '../../server/src/stores/journals/listed-events.ts'

const SECONDS_TO_FREE = 30
const overheadOf = (batch: LogBatch['events']): number =>
  eventObjects(batch).reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0)

/** What a journal knows about its events, and how it lets go of them. */
export function logKeepingRules(desk: LogJournalDesk): void {
  test('seqs grow with every batch and ingestion times never go back, also when the clock does', async () => {
    const group = desk.newGroup()
    const appended: Appended[] = []
    for (const now of [TODAY + 5_000, TODAY + 1_000, TODAY + 6_000]) {
      desk.clock.set(now)
      appended.push(await desk.journal.append({ group, stream: 1, events: events([TODAY, 'x'], [TODAY, 'y']) }))
    }
    expect(appended.map(({ ingestionTime }) => ingestionTime)).toEqual([TODAY + 5_000, TODAY + 5_000, TODAY + 6_000])
    const firsts = appended.map(({ firstSeq }) => firstSeq)
    expect(firsts.toSorted((a, b) => a - b)).toEqual(firsts)
    expect(firsts.map((seq) => seq % 2 ** 14)).toEqual([0, 0, 0])
    await desk.settle()
    expect((await desk.ask({ group })).map(({ seq }) => seq)).toEqual(firsts.flatMap((seq) => [seq, seq + 1]))
  })

  test('batches appended at the same time are all stored, each with seqs of its own', async () => {
    const group = desk.newGroup()
    const appended = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        desk.journal.append({ group, stream: index, events: events([TODAY + index, `m${String(index)}`]) }),
      ),
    )
    await desk.settle()
    expect(new Set(appended.map(({ firstSeq }) => firstSeq)).size).toBe(50)
    expect(messages(await desk.ask({ group }))).toEqual(Array.from({ length: 50 }, (_, index) => `m${String(index)}`))
  })

  test('a stream knows its first and last times and its last ingestion', async () => {
    const group = desk.newGroup()
    expect(await desk.journal.streamTimes(group, 1)).toBeUndefined()
    desk.clock.set(TODAY + 10_000)
    await desk.journal.append({ group, stream: 1, events: events([TODAY + 5, 'x'], [TODAY + 7, 'y']) })
    await desk.settle()
    desk.clock.set(TODAY + 20_000)
    await desk.journal.append({ group, stream: 1, events: events([TODAY + 2, 'z']) })
    await desk.settle()
    expect(await desk.journal.streamTimes(group, 1)).toEqual({
      firstEventTimestamp: TODAY + 2,
      lastEventTimestamp: TODAY + 7,
      lastIngestionTime: TODAY + 20_000,
    })
    expect(await desk.journal.streamTimes(group, 2)).toBeUndefined()
  })

  test('stored bytes are the bytes of the messages and 26 for each', async () => {
    const group = desk.newGroup()
    expect(await desk.journal.storedBytes(group)).toBe(0)
    const batch = events([TODAY, 'abc'], [TODAY, 'é🎉'], [TODAY, ''])
    await desk.journal.append({ group, stream: 1, events: batch })
    expect(await desk.journal.storedBytes(group)).toBe(overheadOf(batch))
    await desk.settle()
    await desk.journal.append({ group, stream: 2, events: batch })
    expect(await desk.journal.storedBytes(group)).toBe(2 * overheadOf(batch))
    await desk.settle()
    expect(await desk.journal.storedBytes(group)).toBe(2 * overheadOf(batch))
  })

  test('a checkpoint is committed with its batch, also without events', async () => {
    const group = desk.newGroup()
    const source = `contract/${desk.name}/with`
    expect(await desk.journal.checkpoint(source)).toBeUndefined()
    const first = { source, sequence: 1, position: 'byte 10' }
    expect(
      await desk.journal.append({ group, stream: 1, events: events([TODAY, 'x']), checkpoint: first }),
    ).toMatchObject({ repeated: false })
    expect(await desk.journal.checkpoint(source)).toEqual(first)
    await desk.settle()
    expect(await desk.journal.checkpoint(source)).toEqual(first)
    const second = { source, sequence: 2, position: 'byte 20' }
    expect(await desk.journal.append({ group, stream: 1, events: listedEvents([]), checkpoint: second })).toMatchObject(
      {
        repeated: false,
      },
    )
    await desk.settle()
    expect(await desk.journal.checkpoint(source)).toEqual(second)
    expect(messages(await desk.ask({ group }))).toEqual(['x'])
  })

  test('a checkpoint not beyond the committed one changes nothing, however often and however close together', async () => {
    const group = desk.newGroup()
    const source = `contract/${desk.name}/twice`
    const batch = (sequence: number): LogBatch => ({
      group,
      stream: 1,
      events: events([TODAY + sequence, `m${String(sequence)}`]),
      checkpoint: { source, sequence, position: `at ${String(sequence)}` },
    })
    const once = await Promise.all([
      desk.journal.append(batch(5)),
      desk.journal.append(batch(5)),
      desk.journal.append(batch(5)),
    ])
    expect(once.filter(({ repeated }) => !repeated)).toHaveLength(1)
    await desk.settle()
    expect(await desk.journal.append(batch(5))).toMatchObject({ repeated: true })
    expect(await desk.journal.append(batch(4))).toMatchObject({ repeated: true })
    expect(await desk.journal.append(batch(6))).toMatchObject({ repeated: false })
    await desk.settle()
    expect(await desk.journal.append(batch(6))).toMatchObject({ repeated: true })
    expect(messages(await desk.ask({ group }))).toEqual(['m5', 'm6'])
    expect(await desk.journal.checkpoint(source)).toMatchObject({ sequence: 6, position: 'at 6' })
  })

  test('a deleted group is empty at once and for good; others keep their events', async () => {
    const [group, other] = [desk.newGroup(), desk.newGroup()]
    for (const each of [group, other])
      await desk.journal.append({ group: each, stream: 1, events: events([TODAY, 'x']) })
    await desk.settle()
    await desk.journal.append({ group, stream: 2, events: events([TODAY, 'y']) })
    const deleted = desk.journal.deleteGroup(group)
    expect(await desk.ask({ group })).toEqual([])
    await deleted
    const source = `contract/${desk.name}/late`
    await desk.journal.append({
      group,
      stream: 3,
      events: events([TODAY, 'late']),
      checkpoint: { source, sequence: 1, position: '' },
    })
    await desk.settle()
    expect(await desk.ask({ group })).toEqual([])
    expect(await desk.journal.storedBytes(group)).toBe(0)
    expect(await desk.journal.streamTimes(group, 1)).toBeUndefined()
    expect(await desk.journal.checkpoint(source)).toMatchObject({ sequence: 1 })
    expect(messages(await desk.ask({ group: other }))).toEqual(['x'])
    await desk.journal.deleteGroup(group)
  })

  test('a deleted stream is empty at once; the others of its group keep their events and their bytes', async () => {
    const group = desk.newGroup()
    for (const stream of [1, 2])
      await desk.journal.append({ group, stream, events: events([TODAY, `stream ${String(stream)}`]) })
    await desk.settle()
    await desk.journal.append({ group, stream: 1, events: events([TODAY + 1, 'more']) })
    await desk.journal.deleteStream(group, 1)
    expect(messages(await desk.ask({ group }))).toEqual(['stream 2'])
    expect(messages(await desk.ask({ group, streams: [1], order: 'descending' }))).toEqual([])
    expect(await desk.journal.streamTimes(group, 1)).toBeUndefined()
    expect(await desk.journal.streamTimes(group, 2)).toBeDefined()
    if (desk.home.settle === undefined) return
    await desk.settle()
    await eventually(
      'the bytes are freed',
      SECONDS_TO_FREE,
      () => desk.journal.storedBytes(group),
      (bytes) => bytes === overheadOf(events([TODAY, 'stream 2'])),
    )
    await desk.journal.append({ group, stream: 2, events: events([TODAY + 1, 'after']) })
    expect(messages(await desk.ask({ group }))).toEqual(['stream 2', 'after'])
  })

  test('events of the days before a time are freed, later ones stay', async () => {
    const group = desk.newGroup()
    const old = events([TODAY - 3 * DAY, 'three days'], [TODAY - 2 * DAY, 'two days'])
    const kept = events([TODAY - DAY, 'yesterday'], [TODAY, 'today'])
    await desk.journal.append({ group, stream: 1, events: old })
    await desk.journal.append({ group, stream: 1, events: kept })
    await desk.settle()
    await desk.journal.deleteBefore(group, TODAY - DAY)
    await desk.journal.append({ group, stream: 2, events: events([TODAY + 1, 'new']) })
    if (desk.home.settle !== undefined) {
      await desk.settle()
      await eventually(
        'old events are freed',
        SECONDS_TO_FREE,
        async () => messages(await desk.ask({ group })),
        (found) => found.join() === 'yesterday,today,new',
      )
      expect(await desk.journal.storedBytes(group)).toBe(overheadOf(kept) + 29)
    }
    expect(messages(await desk.ask({ group, from: TODAY - DAY }))).toEqual(['yesterday', 'today', 'new'])
    await desk.journal.append({ group, stream: 1, events: events([TODAY - 2 * DAY, 'late']) })
    await desk.settle()
    expect(
      messages(
        await desk.ask({
          group,
          to: TODAY,
          from: TODAY - 2 * DAY,
          limit: 1,
          order: 'ascending',
          streams: [1],
          containing: { include: ['late'], exclude: [], any: [] },
        }),
      ),
    ).toEqual(['late'])
  })

  if (desk.home.reopen !== undefined) {
    test('everything acknowledged is there after closing and opening again, and numbers go on', async () => {
      const group = desk.newGroup()
      const source = `contract/${desk.name}/reopened`
      const before = await desk.journal.append({ group, stream: 1, events: events([TODAY, 'settled']) })
      await desk.settle()
      await desk.journal.append({
        group,
        stream: 1,
        events: events([TODAY + 1, 'waiting']),
        checkpoint: { source, sequence: 3, position: 'p' },
      })
      const bytes = await desk.journal.storedBytes(group)
      const times = await desk.journal.streamTimes(group, 1)
      await desk.reopen()
      expect(messages(await desk.ask({ group }))).toEqual(['settled', 'waiting'])
      expect(await desk.journal.storedBytes(group)).toBe(bytes)
      expect(await desk.journal.streamTimes(group, 1)).toEqual(times)
      expect(await desk.journal.checkpoint(source)).toMatchObject({ sequence: 3 })
      expect(
        await desk.journal.append({
          group,
          stream: 1,
          events: events([TODAY, 'again']),
          checkpoint: { source, sequence: 3, position: 'p' },
        }),
      ).toMatchObject({ repeated: true })
      const after = await desk.journal.append({ group, stream: 1, events: events([TODAY + 2, 'new']) })
      expect(after.firstSeq).toBeGreaterThan(before.firstSeq + 1)
      expect(after.ingestionTime).toBeGreaterThanOrEqual(before.ingestionTime)
      expect(messages(await desk.ask({ group }))).toEqual(['settled', 'waiting', 'new'])
    })
  }
}
