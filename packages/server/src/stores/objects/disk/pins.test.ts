import { expect, test } from 'vitest'
import { openPins } from '#stores/objects/disk/pins.ts'

/** Which blobs nobody reads, as they become so. */
function watching(pins: ReturnType<typeof openPins>, ids: readonly string[]): readonly string[] {
  const unread: string[] = []
  for (const id of ids) void pins.unread(id).then(() => unread.push(id))
  return unread
}
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

test('what nobody reads can go at once', async () => {
  const unread = watching(openPins(), ['a', 'b'])
  await settled()
  expect(unread).toEqual(['a', 'b'])
})

test('what somebody reads goes when the last one lets go, once', async () => {
  const pins = openPins()
  const first = pins.pin(['a', 'b'])
  const second = pins.pin(['a'])
  const unread = watching(pins, ['a', 'b', 'c'])
  await settled()
  expect(unread).toEqual(['c'])
  first()
  first()
  await settled()
  expect(unread).toEqual(['c', 'b'])
  second()
  await settled()
  expect(unread).toEqual(['c', 'b', 'a'])
})

test('what was let go can be read again', async () => {
  const pins = openPins()
  pins.pin(['a'])()
  const again = pins.pin(['a'])
  const unread = watching(pins, ['a'])
  await settled()
  expect(unread).toEqual([])
  again()
  await settled()
  expect(unread).toEqual(['a'])
})
