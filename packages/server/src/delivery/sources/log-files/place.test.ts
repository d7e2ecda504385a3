import { expect, test } from 'vitest'
import { FIRST_PLACE, type Place, markOf, placeOf, startOf } from '#delivery/sources/log-files/place.ts'

test('a place survives being a position, and fits into a checkpoint', () => {
  const place: Place = {
    number: 999_999_999_999_999,
    inode: '18446744073709551615',
    offset: Number.MAX_SAFE_INTEGER,
    head: '64:ffffffff',
    at: 'passed',
    time: 8_640_000_000_000_000,
    told: Number.MAX_SAFE_INTEGER,
  }
  const mark = markOf(7, place)
  expect(mark.sequence).toBe(7)
  expect(placeOf(mark)).toEqual(place)
  expect(mark.position.length).toBeLessThan(1_000)
})

test("a file's beginning keeps the stream's time and what was told of losses", () => {
  expect(
    startOf(4, { ...FIRST_PLACE, number: 3, inode: '9', offset: 8, head: '8:1', at: 'event', time: 5, told: 6 }),
  ).toEqual({
    ...FIRST_PLACE,
    number: 4,
    time: 5,
    told: 6,
  })
})

test.each([
  '',
  '7',
  'null',
  '{}',
  JSON.stringify({ ...FIRST_PLACE, offset: 1.5 }),
  JSON.stringify({ ...FIRST_PLACE, at: 'end' }),
  JSON.stringify({ ...FIRST_PLACE, inode: 5 }),
])('a position that is none is refused: %s', (position) => {
  expect(() => placeOf({ sequence: 1, position })).toThrow('cannot be read')
})
