import fc from 'fast-check'
import { expect, test } from 'vitest'
import { receivedEvents } from '#services/logs/events/received-events.ts'
import { eventObjects } from '#stores/journals/listed-events.ts'
import type { LogEvents } from '#stores/journals/log-journal.ts'
import { arrivedEvents } from '../../../../../testkit/src/arrived-events.ts'

const message = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom('plain', '{"_aws":1}', 'a "quoted" word', 'back\\slash', 'é🎉', '\ud83d', 'tab\tand\nline'),
)
const events = fc.array(fc.record({ timestamp: fc.nat(), message }), { minLength: 1, maxLength: 20 })

/** Needs no escape in JSON. */
const isPlain = (text: string): boolean => /^[^"\\\p{C}]*$/u.test(text)

/** All messages, copied into a room of four messages and some bytes as often as it takes; what does not fit is asked for. */
function copied(list: LogEvents, size: number): readonly string[] {
  const room = { bytes: Buffer.alloc(size, 0xff), starts: new Uint32Array(4), ends: new Uint32Array(4) }
  const messages: string[] = []
  while (messages.length < list.length) {
    const first = messages.length
    const count = list.copyMessages(first, room)
    for (let each = 0; each < count; each++)
      messages.push(room.bytes.toString('utf8', room.starts[each], room.ends[each]))
    if (count > 0) continue
    const message = list.message(first)
    expect(message.isWellFormed() && Buffer.byteLength(message) <= size).toBe(false)
    messages.push(message)
  }
  return messages
}

test('events are the same whether they came as objects or as columns over a body', () => {
  fc.assert(
    fc.property(events, fc.nat(), fc.nat(), fc.nat(), (list, one, other, roomy) => {
      const columns = arrivedEvents(list)
      expect(Array.isArray(columns)).toBe(false)
      const [from, to] = [one % (list.length + 1), other % (list.length + 1)].toSorted((a, b) => a - b) as [
        number,
        number,
      ]
      for (const pair of [
        [receivedEvents(columns), receivedEvents(list)],
        [receivedEvents(columns).slice(from, to), receivedEvents(list).slice(from, to)],
      ] as const) {
        const [came, given] = pair
        expect(eventObjects(came)).toEqual(eventObjects(given))
        const all = eventObjects(given).map((event) => event.message)
        for (const size of [1_000, roomy % 60]) expect(pair.map((each) => copied(each, size))).toEqual([all, all])
        expect(came.someQuoting('"_aws"')).toBe(given.someQuoting('"_aws"'))
        for (let index = 0; index < given.length; index++) {
          expect(came.messageBytes(index)).toBe(given.messageBytes(index))
          const { bytes, start, end } = came.place(index) ?? { bytes: Buffer.from(came.message(index)) }
          expect(bytes.toString('utf8', start, end)).toBe(given.message(index).toWellFormed())
          if (isPlain(given.message(index))) expect(came.place(index)).toBeDefined()
          const copies = pair.map((each) => {
            const into = Buffer.alloc(given.messageBytes(index) + 2, 0xff)
            each.copyMessage(index, into, 1)
            return into.toString('hex')
          })
          expect(copies[0]).toBe(copies[1])
          expect(copies[0]).toBe(`ff${Buffer.from(given.message(index)).toString('hex')}ff`)
        }
      }
    }),
    { seed: 45, numRuns: 200 },
  )
})
