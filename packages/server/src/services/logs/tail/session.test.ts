import { expect, test } from 'vitest'
import { MAX_TAIL_EVENTS, MAX_TAIL_LOOKS, MAX_TAIL_UPDATES } from '#services/logs/limits.ts'
import { TailSession, type TailedGroup } from '#services/logs/tail/session.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const GROUP: TailedGroup = { logGroupIdentifier: 'arn', isWanted: () => true, mask: undefined }
const batch = (...messages: readonly string[]) => ({
  streamName: 's',
  ingestionTime: 9,
  events: listedEvents(messages.map((message, index) => ({ timestamp: index, message }))),
})
const many = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => String(index))

test('an update holds what came since the last one, in the order it came', () => {
  const session = new TailSession((message) => message !== 'no')
  session.offer(GROUP, batch('a', 'no', 'b'))
  session.offer(GROUP, batch('c'))
  session.cut()
  session.cut()
  expect(session.next()).toEqual({
    sampled: false,
    events: [
      { logGroupIdentifier: 'arn', logStreamName: 's', timestamp: 0, message: 'a', ingestionTime: 9 },
      { logGroupIdentifier: 'arn', logStreamName: 's', timestamp: 2, message: 'b', ingestionTime: 9 },
      { logGroupIdentifier: 'arn', logStreamName: 's', timestamp: 0, message: 'c', ingestionTime: 9 },
    ],
  })
  expect(session.next()).toEqual({ sampled: false, events: [] })
  expect(session.next()).toBeUndefined()
})

test('more than an update holds is sampled, and said to be; the next update is whole again', () => {
  const session = new TailSession(() => true)
  session.offer(GROUP, batch(...many(MAX_TAIL_EVENTS + 1)))
  session.cut()
  session.offer(GROUP, batch(...many(MAX_TAIL_EVENTS)))
  session.cut()
  const [first, second] = [session.next(), session.next()]
  expect([first?.sampled, first?.events.length]).toEqual([true, MAX_TAIL_EVENTS])
  expect([second?.sampled, second?.events.length]).toEqual([false, MAX_TAIL_EVENTS])
})

test('a pattern that fits nothing looks at no more than so many events', () => {
  let looks = 0
  const session = new TailSession(() => {
    looks += 1
    return false
  })
  session.offer(GROUP, batch(...many(MAX_TAIL_LOOKS + 10)))
  session.cut()
  expect([looks, session.next()]).toEqual([MAX_TAIL_LOOKS, { sampled: true, events: [] }])
})

test('of updates that nobody fetches the oldest go', () => {
  const session = new TailSession(() => true)
  for (const message of many(MAX_TAIL_UPDATES + 3)) {
    session.offer(GROUP, batch(message))
    session.cut()
  }
  const shown = Array.from({ length: MAX_TAIL_UPDATES + 1 }, () => session.next()?.events[0]?.message)
  expect(shown).toEqual([...many(MAX_TAIL_UPDATES + 3).slice(3), undefined])
})

test('only wanted streams are shown, and only what the mask leaves is matched and shown', () => {
  const session = new TailSession((message) => message.includes('secret'))
  const group = { ...GROUP, mask: (message: string) => message.replace('secret', '******') }
  session.offer(group, batch('a secret'))
  session.offer({ ...group, isWanted: () => false }, batch('another secret'))
  session.cut()
  expect(session.next()?.events).toEqual([])
})
