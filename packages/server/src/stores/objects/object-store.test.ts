import { expect, test } from 'vitest'
import { newBlobId } from '#stores/objects/object-store.ts'

const NOW = Date.UTC(2026, 10, 29)
/** A moment at which names begin with other digits. */
const TURN = Math.ceil(NOW / 2 ** 14) * 2 ** 14

test('a name is 32 hex digits and comes once', () => {
  const names = Array.from({ length: 1_000 }, () => newBlobId(NOW))
  expect(new Set(names).size).toBe(1_000)
  for (const name of names) expect(name).toMatch(/^[0-9a-f]{32}$/)
})

test('names of one time lie side by side, in the order of time', () => {
  const names = Array.from({ length: 2 ** 14 }, (_, n) => newBlobId(TURN + n))
  expect(names.toSorted()).toEqual(names)
  expect(new Set(names.map((name) => name.slice(0, 2))).size).toBe(1)
})

test('the folders that they name go round', () => {
  const folders = Array.from({ length: 512 }, (_, n) => newBlobId(TURN + n * 2 ** 14).slice(0, 2))
  expect(new Set(folders).size).toBe(256)
  expect(folders[0]).not.toBe(folders[1])
  expect(folders[0]).toBe(folders[256])
})
