import { expect, test } from 'vitest'
import { WatchedCache } from '#stores/records/watched-cache.ts'

const value = (name: string) => ({ name })

test('a value is loaded once and then held', async () => {
  const cache = new WatchedCache<{ name: string }>(10)
  let loads = 0
  const load = async () => {
    loads += 1
    return value('a')
  }
  expect(cache.held('k')).toBeUndefined()
  expect(await cache.get('k', load)).toEqual(value('a'))
  expect(await cache.get('k', load)).toEqual(value('a'))
  expect(cache.held('k')).toEqual(value('a'))
  expect(loads).toBe(1)
})

test('what was forgotten is loaded again', async () => {
  const cache = new WatchedCache<{ name: string }>(10)
  await cache.get('k', async () => value('old'))
  cache.forget('k')
  expect(cache.held('k')).toBeUndefined()
  expect(await cache.get('k', async () => value('new'))).toEqual(value('new'))
})

test('a value that changed while it was read is not kept', async () => {
  const cache = new WatchedCache<{ name: string }>(10)
  const { promise, resolve } = Promise.withResolvers<{ name: string }>()
  const reading = cache.get('k', () => promise)
  cache.forget('k')
  resolve(value('stale'))
  expect(await reading).toEqual(value('stale'))
  expect(cache.held('k')).toBeUndefined()
})

test('a slow read does not replace what a later one has found', async () => {
  const cache = new WatchedCache<{ name: string }>(10)
  const { promise, resolve } = Promise.withResolvers<{ name: string }>()
  const slow = cache.get('k', () => promise)
  cache.forget('k')
  await cache.get('k', async () => value('new'))
  resolve(value('stale'))
  await slow
  expect(cache.held('k')).toEqual(value('new'))
})

test('what does not exist, and a read that failed, are not remembered', async () => {
  const cache = new WatchedCache<{ name: string }>(10)
  expect(await cache.get('k', async () => undefined)).toBeUndefined()
  await expect(cache.get('k', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await cache.get('k', async () => value('there'))).toEqual(value('there'))
})

test('it holds no more than its capacity, the newest', async () => {
  const cache = new WatchedCache<{ name: string }>(3)
  for (const key of ['a', 'b', 'c', 'd']) await cache.get(key, async () => value(key))
  expect(['a', 'b', 'c', 'd'].map((key) => cache.held(key)?.name)).toEqual([undefined, 'b', 'c', 'd'])
})
