import { expect, test } from 'vitest'
import { type Tombstone, Tombstones, tombstoneKey } from './tombstones.ts'

const group = (number: number, cut = 1): Tombstone => ({ kind: 'group', group: number, cut })
const stream = (number: number, of: number, cut = 1): Tombstone => ({
  kind: 'stream',
  group: of,
  stream: number,
  cut,
  counted: false,
})
const before = (of: number, time: number, cut = 1): Tombstone => ({
  kind: 'before',
  group: of,
  before: time,
  cut,
  counted: false,
})

test('a deleted group hides at once and stays deleted when it is freed', () => {
  const tombstones = new Tombstones()
  tombstones.add(group(5))
  expect(tombstones.isGroupDeleted(5)).toBe(true)
  expect(tombstones.isStreamDeleted(5, 1)).toBe(true)
  expect(tombstones.isGroupDeleted(6)).toBe(false)
  tombstones.finish(group(5))
  expect(tombstones.isGroupDeleted(5)).toBe(true)
  expect(tombstones.isEmpty).toBe(true)
})

test('a deleted stream is hidden until it is freed, and deleted from then on', () => {
  const tombstones = new Tombstones()
  tombstones.add(stream(1, 5))
  tombstones.add(stream(2, 5))
  expect([...tombstones.hiddenStreams(5)]).toEqual([1, 2])
  tombstones.finish(stream(1, 5))
  expect([...tombstones.hiddenStreams(5)]).toEqual([2])
  expect(tombstones.isStreamDeleted(5, 1)).toBe(true)
  expect(tombstones.isStreamDeleted(5, 3)).toBe(false)
  expect(tombstones.hiddenStreams(6).size).toBe(0)
})

test('a deletion that was not committed did not happen', () => {
  const tombstones = new Tombstones()
  for (const one of [group(5), stream(1, 6)]) {
    tombstones.add(one)
    tombstones.revoke(one)
  }
  expect([tombstones.isGroupDeleted(5), tombstones.isStreamDeleted(6, 1), tombstones.hiddenStreams(6).size]).toEqual([
    false,
    false,
    0,
  ])
})

test('a batch has one tombstone of each group at most, the oldest', () => {
  const tombstones = new Tombstones()
  const all = [before(1, 200, 9), stream(1, 1, 3), before(2, 100, 5), group(3, 4)]
  for (const one of all) tombstones.add(one)
  expect(tombstones.batch(10)).toEqual([stream(1, 1, 3), group(3, 4), before(2, 100, 5)])
  expect(tombstones.batch(2)).toEqual([stream(1, 1, 3), group(3, 4)])
  tombstones.replace({ kind: 'stream', group: 1, stream: 1, cut: 3, counted: true })
  expect(tombstones.batch(1)).toEqual([expect.objectContaining({ counted: true })])
})

test('every deletion has a record of its own', () => {
  const ids = [group(1), stream(1, 1), stream(2, 1), before(1, 100), before(1, 200)].map((one) => tombstoneKey(one).id)
  expect(new Set(ids).size).toBe(5)
})
