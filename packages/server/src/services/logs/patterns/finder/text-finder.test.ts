import fc from 'fast-check'
import { expect, test } from 'vitest'
import { receivedEvents } from '#services/logs/events/received-events.ts'
import { TextFinder } from '#services/logs/patterns/finder/text-finder.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'
import type { LogEvents } from '#stores/journals/log-journal.ts'
import { arrivedEvents } from '../../../../../../testkit/src/arrived-events.ts'

const listed = (messages: readonly string[]): LogEvents =>
  listedEvents(messages.map((message) => ({ timestamp: 0, message })))

/** The same, as they come in a large body. */
const arrived = (messages: readonly string[]): LogEvents =>
  receivedEvents(arrivedEvents(messages.map((message) => ({ timestamp: 0, message }))))

/** What is found, message by message, text by text. */
function foundBy(finder: TextFinder, texts: readonly string[], messages: LogEvents): readonly (readonly boolean[])[] {
  const found = finder.find(messages)
  return Array.from({ length: messages.length }, (_, message) =>
    texts.map((_text, text) => (((found[Math.floor(text / 32)]?.[message] ?? 0) >>> (text % 32)) & 1) === 1),
  )
}

const included = (texts: readonly string[], messages: readonly string[]): readonly (readonly boolean[])[] =>
  messages.map((message) => texts.map((text) => message.includes(text)))

/** Few signs, so that texts are found often, and parts of them more often. */
const signs = fc.constantFrom('a', 'b', 'q', 'r', 'é', '🎉', '\ud83c', ' ', '"', '\n')
const textOf = (maxLength: number) => fc.array(signs, { maxLength }).map((parts) => parts.join(''))
const long = fc.tuple(fc.constantFrom('ab', 'q', 'é'), fc.integer({ min: 12, max: 50 }), textOf(2))
const text = fc.oneof(
  textOf(3),
  textOf(18),
  long.map(([part, times, end]) => part.repeat(times) + end),
)
const message = fc.array(fc.oneof(textOf(9), text), { maxLength: 6 }).map((parts) => parts.join(''))

test('a message contains what is found in it, and nothing else, whichever texts are looked for together', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(text, { maxLength: 40 }),
      fc.array(fc.array(message, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 3 }),
      (texts, batches) => {
        const finder = new TextFinder(texts)
        for (const messages of batches) {
          const want = included(texts, messages)
          expect(foundBy(finder, texts, listed(messages))).toEqual(want)
          if (!messages.includes('')) expect(foundBy(finder, texts, arrived(messages))).toEqual(want)
        }
      },
    ),
    { seed: 32, numRuns: 600 },
  )
})

test('texts are found at every place of a message, and not across its ends', () => {
  for (const length of [1, 2, 3, 4, 15, 16, 17, 31, 32, 33, 49, 4_096, 4_097]) {
    const text = `${'x'.repeat(length - 1)}y`
    const finder = new TextFinder([text, `${text}z`])
    const starts = length > 100 ? [0, 1, 15, 16] : Array.from({ length: 40 }, (_, start) => start)
    for (const start of starts) {
      const whole = `${'-'.repeat(start)}${text}`
      const parts = [whole, `${whole}z`, whole.slice(0, -1), 'y', whole.slice(1), text.slice(1), 'z-', whole]
      const messages = parts.filter((part) => part !== '')
      const want = included([text, `${text}z`], messages)
      expect(foundBy(finder, [text, `${text}z`], listed(messages))).toEqual(want)
      expect(foundBy(finder, [text, `${text}z`], arrived(messages))).toEqual(want)
    }
  }
})

test.each(['needle', 'nee', 'n'])('%s is found in messages of any size and number', (text) => {
  const finder = new TextFinder(['nowhere', text])
  for (const [count, bytes] of [
    [9_000, 3],
    [5, 60_000],
    [3, 262_144],
    [2, 262_145],
    [1, 900_000],
  ] as const) {
    const blank = ' '.repeat(bytes)
    const messages = Array.from({ length: count }, (_, index) =>
      index % 3 === 1 ? blank : blank.slice(text.length) + (index % 2 === 0 ? text : 'no'),
    )
    const want = included(['nowhere', text], messages)
    expect(foundBy(finder, ['nowhere', text], listed(messages))).toEqual(want)
    if (count * (bytes + 40) < 1_000_000) expect(foundBy(finder, ['nowhere', text], arrived(messages))).toEqual(want)
  }
})

test('what most messages contain is found as before, once that is known, and when it changes', () => {
  const texts = ['common', 'comma', 'rare', 'com', 'often', 'never', 'oft', 'a', 'b', 'c', 'd', 'e', 'f', 'g']
  const finder = new TextFinder(texts)
  const phases = ['common often often a b c d', 'comma oft e', 'g g g f', 'common rare']
  for (const phase of [...phases, ...phases]) {
    const messages = Array.from({ length: 100 }, (_, index) => (index % 10 === 0 ? `rare ${String(index)}` : phase))
    for (let turn = 0; turn < 2; turn++)
      expect(foundBy(finder, texts, listed(messages))).toEqual(included(texts, messages))
  }
})

test('nothing is found when nothing is looked for', () => {
  expect(new TextFinder([]).find(listed(['a', '']))).toEqual([])
  expect(new TextFinder(['a']).find(listed([]))).toEqual([new Int32Array(0)])
})
