import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowLayout } from '#stores/journals/segments/row-layout.ts'
import { RowWriter } from '#stores/journals/segments/row-writer.ts'
import { SlabPool } from '#stores/journals/segments/slab.ts'
import { hasLiterals, messageTests } from './containing.ts'
import { decodeEvent, encodeBatch, LOG_TABLE } from './log-table.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const layout = new RowLayout(LOG_TABLE)
const piece = fc.constantFrom('a', 'b', 'ab', 'aa', 'é', '🎉', '\0', '\n', ' ')
const text = (max: number, min = 0) =>
  fc.array(piece, { maxLength: max, minLength: min }).map((pieces) => pieces.join(''))
const literals = fc.record({
  include: fc.array(text(3), { maxLength: 2 }),
  exclude: fc.array(text(2, 1), { maxLength: 2 }),
  any: fc.array(text(2), { maxLength: 2 }),
})

test('the test on encoded messages says what the test on strings says, for every row of a run', () => {
  fc.assert(
    fc.property(fc.array(text(8), { minLength: 1, maxLength: 20 }), literals, (texts, wanted) => {
      const writer = new RowWriter(new SlabPool(), layout.columns)
      writer.startAt(0)
      // The first run ends where the second begins: what lies behind a run must not count.
      for (const counter of [1, 2]) {
        encodeBatch(
          writer,
          { group: 1, stream: 1, events: listedEvents(texts.map((message) => ({ timestamp: 0, message }))) },
          { firstSeq: counter * 16_384, ingestionTime: 0 },
        )
      }
      for (const { slab, start, end } of writer.take().runs) {
        const bytes = slab.bytes ?? Buffer.alloc(0)
        const accept = messageTests(wanted)(bytes, end)
        for (let row = start; row < end; row = layout.skip(bytes, row, end)) {
          const rowEnd = layout.skip(bytes, row, end)
          const { message } = decodeEvent(bytes, row, rowEnd)
          const expected =
            wanted.include.every((one) => message.includes(one)) &&
            !wanted.exclude.some((one) => message.includes(one)) &&
            (wanted.any.length === 0 || wanted.any.some((one) => message.includes(one)))
          expect(accept(bytes, row, rowEnd)).toBe(expected)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('no literals at all need no test', () => {
  expect(hasLiterals({ include: [], exclude: [], any: [] })).toBe(false)
  expect(hasLiterals({ include: [], exclude: ['x'], any: [] })).toBe(true)
})
