import { expect, test } from 'vitest'
import { type Pins, openPins } from '#stores/objects/disk/pins.ts'
import type { Reading } from '#stores/objects/object-store.ts'

/** Which blobs nobody reads, as they become so. */
function watching(pins: Pins, ids: readonly string[]): readonly string[] {
  const unread: string[] = []
  for (const id of ids) void pins.unread(id).then(() => unread.push(id))
  return unread
}
function readingOf(pins: Pins, ids: readonly string[]): Reading {
  const begun = pins.begin()
  begun.of(ids)
  return begun
}
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

test('what nobody reads can go at once', async () => {
  const unread = watching(openPins(), ['a', 'b'])
  await settled()
  expect(unread).toEqual(['a', 'b'])
})

test('what somebody reads goes when the last one lets go, once', async () => {
  const pins = openPins()
  const first = readingOf(pins, ['a', 'b'])
  const second = readingOf(pins, ['a'])
  const unread = watching(pins, ['a', 'b', 'c'])
  await settled()
  expect(unread).toEqual(['c'])
  first.end()
  first.end()
  await settled()
  expect(unread).toEqual(['c', 'b'])
  second.end()
  await settled()
  expect(unread).toEqual(['c', 'b', 'a'])
})

test('what was let go can be read again', async () => {
  const pins = openPins()
  readingOf(pins, ['a']).end()
  const again = readingOf(pins, ['a'])
  const unread = watching(pins, ['a'])
  await settled()
  expect(unread).toEqual([])
  again.end()
  await settled()
  expect(unread).toEqual(['a'])
})

test('while somebody has yet to find out what to read, nothing goes', async () => {
  const pins = openPins()
  const [one, other] = [pins.begin(), pins.begin()]
  const unread = watching(pins, ['a', 'b'])
  other.end()
  await settled()
  expect(unread).toEqual([])
  one.of(['a'])
  await settled()
  expect(unread).toEqual(['b'])
  one.end()
  await settled()
  expect(unread).toEqual(['b', 'a'])
})

test('who begins to read later finds out about what is left, and does not hold up the rest', async () => {
  const pins = openPins()
  const before = readingOf(pins, ['a'])
  const unread = watching(pins, ['a'])
  await settled()
  pins.begin()
  before.end()
  await settled()
  expect(unread).toEqual(['a'])
})
