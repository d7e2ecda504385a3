import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileFilterPattern } from '#services/logs/patterns/evaluate.ts'
import { MessageView } from '#services/logs/patterns/message-view.ts'
import { AT_ONCE, Screen, bitsIn, lowestBit } from '#services/logs/patterns/screen.ts'
import { receivedEvents } from '#services/logs/events/received-events.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'
import type { LogEvents } from '#stores/journals/log-journal.ts'
import { arrivedEvents } from '../../../../../testkit/src/arrived-events.ts'

const listed = (texts: readonly string[]): LogEvents =>
  listedEvents(texts.map((text) => ({ timestamp: 0, message: text })))

/** The same, as they come in a large body. */
const arrived = (texts: readonly string[]): LogEvents =>
  receivedEvents(arrivedEvents(texts.map((text) => ({ timestamp: 0, message: text }))))

/** What each pattern selects of what passes the screen, asked from a place in steps. */
function selectedOf(patterns: readonly string[], texts: LogEvents, step: number): readonly (readonly number[])[] {
  const matchers = patterns.map((pattern) => compileFilterPattern(pattern))
  const screened = new Screen(matchers.map(({ containing }) => containing)).over(texts)
  return matchers.map((matcher, number) => {
    const found: number[] = []
    for (let from = 0; from < texts.length; from += step) {
      const to = Math.min(from + step, texts.length)
      for (let rest = screened.mask(number, from, to); rest !== 0; rest &= rest - 1) {
        const at = from + lowestBit(rest)
        expect(at).toBeLessThan(to)
        const view = new MessageView(texts.place(at) ?? texts.message(at))
        expect(view.text).toBe(texts.message(at))
        if (matcher.confirms(view)) found.push(at)
        else expect(matcher.exact).toBe(false)
      }
    }
    expect(screened.isPossible(number) || found.length === 0).toBe(true)
    return found
  })
}

const PATTERNS = [
  '',
  'a',
  'ab',
  'aba b',
  '"a a"',
  '"a\nb"',
  '"\n"',
  'a -b',
  '-a',
  '-""',
  'a -""',
  '?ab ?b1',
  '?aab ?"" ?b',
  '?é1 ?aé',
  '%a.b% a',
  '%ab[0-9]% -aab',
  '?%ab+% ?11',
  '%^ab|1b%',
  '[x=ab, ...]',
  '[x=*a, y=b* || y=1, z]',
  '[x=%ab1*%, ...]',
  '[x!=ab, ...]',
  '{ $.a = "ab" }',
  '{ $.a = *b }',
  '{ $.a = "" || $.a = 1 }',
  '{ $.a NOT EXISTS }',
] as const

/** Their texts are of one pass of the finder, or of several. */
const patternLists = fc
  .tuple(fc.subarray([...PATTERNS], { minLength: 1 }), fc.constantFrom(0, 0, 40))
  .map(([patterns, others]) => [
    ...Array.from({ length: others }, (_, other) => `?other${String(other)} ?b`),
    ...patterns,
  ])

const piece = fc.constantFrom('a', 'b', 'ab', 'aab', 'é', '1', ' ', '\n', '{"a":"ab"}', '{"a":""}', '\\')
const piecesOf = (one: fc.Arbitrary<string>, minLength: number) =>
  fc.array(one, { minLength, maxLength: 6 }).map((parts) => parts.join(''))
const messages = fc.oneof(
  fc.array(piecesOf(piece, 0), { minLength: 1, maxLength: 70 }),
  // What needs no escape, and no second byte.
  fc.array(piecesOf(fc.constantFrom('a', 'b', 'ab', 'aab', '1', ' '), 1), { minLength: 1, maxLength: 70 }),
)

test('patterns that look at a batch together select what each of them selects by itself', () => {
  fc.assert(
    fc.property(patternLists, messages, fc.integer({ min: 1, max: AT_ONCE }), (patterns, texts, step) => {
      const plain = patterns.map((pattern) => {
        const { matches } = compileFilterPattern(pattern)
        return texts.flatMap((text, at) => (matches(text) ? [at] : []))
      })
      expect(selectedOf(patterns, listed(texts), step)).toEqual(plain)
      if (!texts.includes('')) expect(selectedOf(patterns, arrived(texts), step)).toEqual(plain)
    }),
    { numRuns: 300 },
  )
})

test('a text that is nowhere in the batch rules a pattern out at once', () => {
  const patterns = ['a', 'a c', 'c', '?a ?c', '?c ?d', '-c', '']
  const screen = new Screen(patterns.map((pattern) => compileFilterPattern(pattern).containing))
  const possible = (texts: readonly string[]): readonly string[] => {
    const screened = screen.over(listed(texts))
    return patterns.filter((_, number) => screened.isPossible(number))
  }
  expect(possible(['some a', 'text b'])).toEqual(['a', '?a ?c', '-c', ''])
  expect(possible(['d'])).toEqual(['?c ?d', '-c', ''])
})

test('a bit stands for each message that is asked for', () => {
  const screened = new Screen([undefined, { include: ['x'], any: [], exclude: [] }]).over(
    listed(Array.from({ length: 65 }, (_, index) => (index % 2 === 0 ? 'x' : 'y'))),
  )
  expect([screened.mask(0, 0, 32), screened.mask(0, 3, 5), bitsIn(screened.mask(0, 0, 32))]).toEqual([-1, 3, 32])
  expect([screened.mask(1, 0, 4), screened.mask(1, 1, 4), screened.mask(1, 64, 65)]).toEqual([0b101, 0b10, 1])
  expect([bitsIn(0), bitsIn(0b101), bitsIn(-1), lowestBit(0b1100), lowestBit(-0x8000_0000)]).toEqual([0, 2, 32, 2, 31])
})

test('a pattern may ask for texts of several passes', () => {
  const others = Array.from({ length: 32 }, (_, other) => `other ${String(other)}`)
  const screened = new Screen([
    { include: others, any: [], exclude: [] },
    { include: ['a'], any: ['other 1', 'b'], exclude: [] },
    { include: ['a'], any: ['other 1', 'other 2'], exclude: ['c'] },
    { include: ['a'], any: ['c', 'other 3'], exclude: ['other 4'] },
    { include: [], any: ['other 1', 'other 2'], exclude: ['c'] },
  ]).over(listed(['a', 'a b', 'a other 1', 'a c other 1', 'a other 3', 'a c other 4', 'b other 1']))
  const masks = [0, 1, 2, 3, 4].map((pattern) => screened.mask(pattern, 0, 7))
  expect(masks).toEqual([0, 0b0001110, 0b0000100, 0b0011000, 0b1000100])
  expect([0, 1, 2, 3].map((pattern) => screened.isPossible(pattern))).toEqual([false, true, true, true])
})
