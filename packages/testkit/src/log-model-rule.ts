import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EventKey, LogQuery, StoredLogEvent } from '../../server/src/stores/journals/log-journal.ts'
import { DAY, TODAY } from './journal-home.ts'
import type { LogJournalDesk } from './log-journal-desk.ts'
import { listedEvents } from '../../server/src/stores/journals/listed-events.ts'

/** Random appends and queries against a list in memory. */
export function logModelRule(desk: LogJournalDesk): void {
  test('whatever is appended and asked in whatever order, the answer is what a list would give', async () => {
    const instant = fc.integer({ min: 0, max: 40 }).map((step) => TODAY - 20 * DAY + step * (DAY / 2))
    const message = fc.constantFrom('error one', 'error two', 'warn', 'info', 'the quick brown fox')
    const append = fc.record({
      kind: fc.constant('append' as const),
      stream: fc.integer({ min: 1, max: 3 }),
      at: fc.array(instant, { maxLength: 12 }),
      message,
    })
    const query = fc.record({
      kind: fc.constant('query' as const),
      order: fc.constantFrom('ascending' as const, 'descending' as const),
      limit: fc.integer({ min: 1, max: 30 }),
      streams: fc.option(fc.subarray([1, 2, 3], { minLength: 1 }), { nil: undefined }),
      from: fc.option(instant, { nil: undefined }),
      to: fc.option(instant, { nil: undefined }),
      include: fc.option(fc.constantFrom('error', 'one', 'o'), { nil: undefined }),
      maxBytes: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
      continued: fc.boolean(),
    })
    const settling = fc.record({ kind: fc.constant('settle' as const) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            { weight: 4, arbitrary: append },
            { weight: 6, arbitrary: query },
            { weight: 1, arbitrary: settling },
          ),
          { maxLength: 30 },
        ),
        async (steps) => {
          const group = desk.newGroup()
          const model: StoredLogEvent[] = []
          let position: EventKey | undefined
          for (const step of steps) {
            if (step.kind === 'settle') await desk.settle()
            else if (step.kind === 'append') {
              const batch = step.at.toSorted((a, b) => a - b).map((timestamp) => ({ timestamp, message: step.message }))
              const { firstSeq, ingestionTime } = await desk.journal.append({
                group,
                stream: step.stream,
                events: listedEvents(batch),
              })
              model.push(
                ...batch.map((event, index) => ({
                  ...event,
                  group,
                  stream: step.stream,
                  seq: firstSeq + index,
                  ingestionTime,
                })),
              )
            } else {
              const { streams, from, to, include, maxBytes, order, limit } = step
              const key =
                step.continued && position !== undefined
                  ? { [order === 'ascending' ? 'after' : 'before']: position }
                  : {}
              const wanted: Partial<LogQuery> & { readonly group: number } = {
                group,
                order,
                limit,
                ...(streams === undefined ? {} : { streams }),
                ...(from === undefined ? {} : { from }),
                ...(to === undefined ? {} : { to }),
                ...(maxBytes === undefined ? {} : { maxBytes }),
                ...(include === undefined ? {} : { containing: { include: [include], exclude: [], any: [] } }),
                ...key,
              }
              const found = await desk.ask(wanted)
              expect(found).toEqual(answerOf(model, { limit, order, ...wanted }))
              position = found.at(-1)
            }
          }
        },
      ),
      { numRuns: 25 },
    )
  })
}

/** What a query must answer, worked out the slow way. */
function answerOf(
  model: readonly StoredLogEvent[],
  query: Partial<LogQuery> & Pick<LogQuery, 'limit' | 'order'>,
): readonly StoredLogEvent[] {
  const { from = -Infinity, to = Infinity, after, before, streams, containing, maxBytes = Infinity } = query
  const compare = (a: EventKey, b: EventKey): number => a.timestamp - b.timestamp || a.seq - b.seq
  const sorted = model.toSorted(compare)
  const answer: StoredLogEvent[] = []
  let bytes = 0
  for (const event of query.order === 'ascending' ? sorted : sorted.toReversed()) {
    if (answer.length >= query.limit || bytes >= maxBytes) break
    if (event.timestamp < from || event.timestamp >= to) continue
    if (after !== undefined && compare(event, after) <= 0) continue
    if (before !== undefined && compare(event, before) >= 0) continue
    if (streams !== undefined && !streams.includes(event.stream)) continue
    if (containing !== undefined && !containing.include.every((text) => event.message.includes(text))) continue
    answer.push(event)
    bytes += Buffer.byteLength(event.message)
  }
  return answer
}
