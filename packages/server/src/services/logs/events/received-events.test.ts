import fc from 'fast-check'
import { expect, test } from 'vitest'
import { receivedEvents } from '#services/logs/events/received-events.ts'
import { eventObjects } from '#stores/journals/listed-events.ts'
import { arrivedEvents } from '../../../../../testkit/src/arrived-events.ts'

const message = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom('plain', '{"_aws":1}', 'a "quoted" word', 'back\\slash', 'é🎉', '\ud83d', 'tab\tand\nline'),
)
const events = fc.array(fc.record({ timestamp: fc.nat(), message }), { minLength: 1, maxLength: 20 })

/** Needs no escape in JSON. */
const isPlain = (text: string): boolean => /^[^"\\\p{C}]*$/u.test(text)

test('events are the same whether they came as objects or as columns over a body', () => {
  fc.assert(
    fc.property(events, fc.nat(), fc.nat(), (list, one, other) => {
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
        expect([undefined, all.map((text) => `${text}\n`).join('')]).toContain(came.joined())
        if (list.every((event) => /^[ !#-[\]-~]*$/.test(event.message))) expect(came.joined()).toBeTypeOf('string')
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
