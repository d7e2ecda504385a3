import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type SealedMessage,
  batchSealer,
  messageOpener,
  plainText,
  readStored,
} from '#services/logs/encryption/sealed-message.ts'

const place = { group: 7, stream: 3, timestamp: 1_795_000_000_000 }
const dataKey = { number: 2, key: new Uint8Array(randomBytes(32)) }
const parsed = (text: string): SealedMessage => {
  const found = readStored(text, place.group)
  if (typeof found === 'string') throw new Error(`not sealed: ${found}`)
  return found
}
const opened = (text: string, where = place, key = dataKey.key): string | undefined =>
  messageOpener()(parsed(text), key, where)

test('whatever is sealed opens, and tells which data key sealed it', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }), (messages) => {
      const seal = batchSealer(dataKey)
      const open = messageOpener()
      const sealed = messages.map((message, index) => parsed(seal(message, index, place)))
      expect(sealed.map((message) => open(message, dataKey.key, place))).toEqual(messages)
      expect(sealed.every(({ keyNumber }) => keyNumber === dataKey.number)).toBe(true)
    }),
  )
})

test('the same message is never sealed to the same text', () => {
  const one = batchSealer(dataKey)
  const texts = [one('m', 0, place), one('m', 1, place), batchSealer(dataKey)('m', 0, place)]
  expect(new Set(texts).size).toBe(3)
})

test('a message that was changed, moved or sealed under another key does not open', () => {
  const text = batchSealer(dataKey)('the message', 0, place)
  const bytes = Buffer.from(text.slice(1), 'base64')
  // The first five bytes say what it is and which key it needs; they are authenticated with the rest.
  for (let at = 5; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(opened(`\u0001${changed.toString('base64')}`)).toBeUndefined()
  }
  for (const moved of [{ group: 8 }, { stream: 4 }, { timestamp: place.timestamp + 1 }])
    expect(opened(text, { ...place, ...moved })).toBeUndefined()
  expect(opened(text, place, new Uint8Array(32))).toBeUndefined()
  expect(opened(text)).toBe('the message')
})

test('a message without a key is read as it came, also one that looks sealed', () => {
  const looksSealed = batchSealer(dataKey)('m', 0, place)
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `\u0001${text}`),
        fc.constant(looksSealed),
      ),
      (message) => {
        expect(readStored(plainText(message, place.group), place.group)).toBe(message)
      },
    ),
  )
  expect(plainText('usual', place.group)).toBe('usual')
  expect(readStored('\u0001 something else', place.group)).toBe('\u0001 something else')
})
