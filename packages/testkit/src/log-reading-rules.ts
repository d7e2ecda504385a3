import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EventKey, StoredLogEvent } from '../../server/src/stores/journals/log-journal.ts'
import { TODAY } from './journal-home.ts'
import { events, type LogJournalDesk, messages } from './log-journal-desk.ts'
import { listedEvents } from '../../server/src/stores/journals/listed-events.ts'

/** How events are found again. */
export function logReadingRules(desk: LogJournalDesk): void {
  test('events come in order of their times, those of one time in order of arrival, in both directions', async () => {
    const group = desk.newGroup()
    await desk.journal.append({ group, stream: 1, events: events([TODAY + 1, 'b'], [TODAY + 3, 'e']) })
    await desk.journal.append({
      group,
      stream: 2,
      events: events([TODAY, 'a'], [TODAY + 1, 'c'], [TODAY + 1, 'd'], [TODAY + 9, 'f']),
    })
    await desk.settle()
    expect(messages(await desk.ask({ group }))).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(messages(await desk.ask({ group, order: 'descending' }))).toEqual(['f', 'e', 'd', 'c', 'b', 'a'])
    expect(messages(await desk.ask({ group, order: 'descending', limit: 2 }))).toEqual(['f', 'e'])
    expect(messages(await desk.ask({ group, limit: 2 }))).toEqual(['a', 'b'])
  })

  test('an event comes back as it was given, with its stream, its seq and its ingestion time', async () => {
    const group = desk.newGroup()
    const texts = [
      '',
      'plain',
      'zwei\nZeilen\tund\0Null',
      '日本語 🎉',
      `"it's" \\N {x:String}`,
      'x'.repeat(127),
      'x'.repeat(128),
      'é'.repeat(64),
      '𝒳'.repeat(70_000),
    ]
    const batch = texts.map((message, index) => ({ timestamp: TODAY + index, message }))
    const { firstSeq, ingestionTime } = await desk.journal.append({
      group,
      stream: 4_294_967_294,
      events: listedEvents(batch),
    })
    await desk.settle()
    expect(await desk.ask({ group })).toEqual(
      batch.map((event, index) => ({ ...event, group, stream: 4_294_967_294, seq: firstSeq + index, ingestionTime })),
    )
  })

  test('the start of a time range is inclusive, its end exclusive', async () => {
    const group = desk.newGroup()
    await desk.journal.append({ group, stream: 1, events: events([TODAY, 'a'], [TODAY + 1, 'b'], [TODAY + 2, 'c']) })
    await desk.settle()
    expect(messages(await desk.ask({ group, from: TODAY + 1 }))).toEqual(['b', 'c'])
    expect(messages(await desk.ask({ group, to: TODAY + 2 }))).toEqual(['a', 'b'])
    expect(messages(await desk.ask({ group, from: TODAY + 1, to: TODAY + 1 }))).toEqual([])
    expect(messages(await desk.ask({ group, from: TODAY + 3 }))).toEqual([])
  })

  test.each(['ascending', 'descending'] as const)('pages in %s order hold every event once', async (order) => {
    const group = desk.newGroup()
    for (let batch = 0; batch < 5; batch++) {
      await desk.journal.append({
        group,
        stream: batch,
        events: listedEvents(
          Array.from({ length: 7 }, (_, index) => ({
            timestamp: TODAY + Math.floor(index / 3),
            message: `${String(batch)}-${String(index)}`,
          })),
        ),
      })
      if (batch === 2) await desk.settle()
    }
    const whole = await desk.ask({ group, order })
    const paged: StoredLogEvent[] = []
    for (let position: EventKey | undefined; ; position = paged.at(-1)) {
      const page = await desk.ask({
        group,
        order,
        limit: 4,
        ...(position === undefined ? {} : order === 'ascending' ? { after: position } : { before: position }),
      })
      if (page.length === 0) break
      paged.push(...page)
    }
    expect(whole).toHaveLength(35)
    expect(paged).toEqual(whole)
  })

  test('only the streams and the group asked for are read', async () => {
    const [group, other] = [desk.newGroup(), desk.newGroup()]
    await desk.journal.append({ group, stream: 1, events: events([TODAY, 'one']) })
    await desk.journal.append({ group, stream: 2, events: events([TODAY, 'two']) })
    await desk.journal.append({ group: other, stream: 1, events: events([TODAY, 'other']) })
    await desk.settle()
    expect(messages(await desk.ask({ group, streams: [2] }))).toEqual(['two'])
    expect(messages(await desk.ask({ group, streams: [1, 2, 3] }))).toEqual(['one', 'two'])
    expect(messages(await desk.ask({ group, streams: [3] }))).toEqual([])
    expect(messages(await desk.ask({ group, streams: [] }))).toEqual([])
    expect(messages(await desk.ask({ group: other }))).toEqual(['other'])
    expect(messages(await desk.ask({ group: desk.newGroup() }))).toEqual([])
  })

  test('a page ends soon after its bytes are collected, with one event at least', async () => {
    const group = desk.newGroup()
    const batch = Array.from({ length: 200 }, (_, index) => ({
      timestamp: TODAY + index,
      message: 'x'.repeat(1_000),
    }))
    await desk.journal.append({ group, stream: 1, events: listedEvents(batch) })
    await desk.settle()
    expect(await desk.ask({ group, maxBytes: 1 })).toHaveLength(1)
    expect(await desk.ask({ group, maxBytes: 5_000 })).toHaveLength(5)
    expect(await desk.ask({ group, maxBytes: 5_001 })).toHaveLength(6)
    expect(await desk.ask({ group, maxBytes: 5_000, limit: 3 })).toHaveLength(3)
    const last = await desk.ask({ group, maxBytes: 150_000, order: 'descending' })
    expect(last.map(({ timestamp }) => timestamp)).toEqual(
      batch
        .map(({ timestamp }) => timestamp)
        .toReversed()
        .slice(0, 150),
    )
  })

  test('literals decide exactly, whatever they contain', async () => {
    const group = desk.newGroup()
    const piece = fc.constantFrom(
      'a',
      'b',
      'ab',
      "'",
      '"',
      '\\',
      '\\n',
      '\n',
      '%',
      '_',
      '{x:String}',
      'é',
      '🎉',
      '\0',
      'A',
      ' ',
    )
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    const literal = fc.array(piece, { minLength: 1, maxLength: 2 }).map((pieces) => pieces.join(''))
    const batch = fc
      .sample(text, { numRuns: 300, seed: 7 })
      .map((message, index) => ({ timestamp: TODAY + index, message }))
    await desk.journal.append({ group, stream: 1, events: listedEvents(batch.slice(0, 150)) })
    await desk.settle()
    await desk.journal.append({ group, stream: 1, events: listedEvents(batch.slice(150)) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(literal, { maxLength: 2 }),
        fc.array(literal, { maxLength: 2 }),
        fc.array(literal, { maxLength: 2 }),
        fc.boolean(),
        async (include, exclude, any, newest) => {
          const wanted = batch
            .map(({ message }) => message)
            .filter(
              (message) =>
                include.every((one) => message.includes(one)) &&
                !exclude.some((one) => message.includes(one)) &&
                (any.length === 0 || any.some((one) => message.includes(one))),
            )
          const found = messages(
            await desk.ask({
              group,
              containing: { include, exclude, any },
              order: newest ? 'descending' : 'ascending',
            }),
          )
          expect(found).toEqual(newest ? wanted.toReversed() : wanted)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('a query whose signal has aborted throws its reason', async () => {
    const reason = new Error('gone')
    await expect(desk.ask({ group: desk.newGroup(), signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
}
