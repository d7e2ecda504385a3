import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileFilterPattern } from '#services/logs/patterns/evaluate.ts'
import { MessageBatch, bitsIn, lowestBit } from '#services/logs/patterns/message-batch.ts'
import { receivedEvents } from '#services/logs/events/received-events.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'
import type { LogEvents } from '#stores/journals/log-journal.ts'
import { arrivedEvents } from '../../../../../testkit/src/arrived-events.ts'

const listed = (texts: readonly string[]): LogEvents =>
  listedEvents(texts.map((text) => ({ timestamp: 0, message: text })))

/** The same, as they come in a large body. */
const arrived = (texts: readonly string[]): LogEvents =>
  receivedEvents(arrivedEvents(texts.map((text) => ({ timestamp: 0, message: text }))))

/** What a pattern selects of a batch, window by window. */
function selectedOf(patterns: readonly string[], texts: LogEvents): readonly (readonly number[])[] {
  const batch = new MessageBatch(texts)
  const looks = patterns.map((pattern) => {
    const matcher = compileFilterPattern(pattern)
    return { matcher, having: batch.having(matcher.containing), found: [] as number[] }
  })
  for (; batch.window.from < texts.length; batch.advance()) {
    for (const { matcher, having, found } of looks) {
      for (let rest = having.mask(); rest !== 0; rest &= rest - 1) {
        const at = batch.window.from + lowestBit(rest)
        expect(at).toBeLessThan(batch.window.to)
        if (matcher.confirms(batch.view(at))) found.push(at)
      }
      expect(having.isPossible || found.length === 0).toBe(true)
    }
  }
  return looks.map(({ found }) => found)
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
    fc.property(fc.subarray([...PATTERNS], { minLength: 1 }), messages, (patterns, texts) => {
      const plain = patterns.map((pattern) => {
        const { matches } = compileFilterPattern(pattern)
        return texts.flatMap((text, at) => (matches(text) ? [at] : []))
      })
      expect(selectedOf(patterns, listed(texts))).toEqual(plain)
      if (!texts.includes('')) expect(selectedOf(patterns, arrived(texts))).toEqual(plain)
    }),
    { numRuns: 400 },
  )
})

test('a text that is nowhere in the batch rules a pattern out at once', () => {
  const batch = new MessageBatch(listed(['some a', 'text b']))
  const possible = (pattern: string): boolean => batch.having(compileFilterPattern(pattern).containing).isPossible
  expect(['a', 'a c', 'c', '?a ?c', '?c ?d', '-c', ''].map(possible)).toEqual([
    true,
    false,
    false,
    true,
    false,
    true,
    true,
  ])
})

test('windows of 32 follow each other to the end', () => {
  const batch = new MessageBatch(listed(Array.from({ length: 65 }, () => 'x')))
  const seen: number[][] = []
  for (; batch.window.from < 65; batch.advance()) {
    const mask = batch.having().mask()
    seen.push([batch.window.from, batch.window.to, bitsIn(mask), lowestBit(mask)])
  }
  expect(seen).toEqual([
    [0, 32, 32, 0],
    [32, 64, 32, 0],
    [64, 65, 1, 0],
  ])
})

test('a message is taken apart once for all patterns that look at it', () => {
  const batch = new MessageBatch(listed(['a b', 'c']))
  expect(batch.view(0)).toBe(batch.view(0))
  expect(batch.view(1).text).toBe('c')
})
