import { expect, test } from 'vitest'
import { openPins } from '#stores/objects/disk/pins.ts'

test('what nobody reads can go at once', () => {
  expect(openPins(() => {}).removable(['a', 'b'])).toEqual(['a', 'b'])
})

test('what somebody reads goes when the last one lets go, once', () => {
  const gone: string[] = []
  const pins = openPins((id) => gone.push(id))
  const first = pins.pin(['a', 'b'])
  const second = pins.pin(['a'])
  expect(pins.removable(['a', 'b', 'c'])).toEqual(['c'])
  first()
  expect(gone).toEqual(['b'])
  first()
  expect(gone).toEqual(['b'])
  second()
  expect(gone).toEqual(['b', 'a'])
  expect(pins.removable(['a', 'b'])).toEqual(['a', 'b'])
})

test('what was let go without being removed stays', () => {
  const gone: string[] = []
  const pins = openPins((id) => gone.push(id))
  pins.pin(['a'])()
  expect(gone).toEqual([])
})
