import { expect, test } from 'vitest'
import { keysAhead } from '#kernel/ca/keys.ts'

/** Makes `key 1`, `key 2` …; those named fail. */
function maker(...failing: readonly number[]): { readonly make: () => Promise<string>; readonly made: () => number } {
  let made = 0
  const make = async (): Promise<string> => {
    const number = ++made
    await Promise.resolve()
    if (failing.includes(number)) throw new Error(`no key ${String(number)}`)
    return `key ${String(number)}`
  }
  return { make, made: () => made }
}

test('nothing is made before a key is asked for, and one is made ahead then', async () => {
  const { make, made } = maker()
  const next = keysAhead(make)
  expect(made()).toBe(0)
  expect(await next()).toBe('key 1')
  expect(made()).toBe(2)
  expect(await next()).toBe('key 2')
  expect(made()).toBe(3)
})

test('who asks at the same time gets keys of their own', async () => {
  const { make } = maker()
  const next = keysAhead(make)
  await next()
  const keys = await Promise.all([next(), next(), next()])
  expect(new Set(keys).size).toBe(3)
  expect(keys).not.toContain('key 1')
})

test('a key that could not be made ahead is made again for the one who asks', async () => {
  const { make } = maker(2)
  const next = keysAhead(make)
  expect(await next()).toBe('key 1')
  await new Promise(setImmediate)
  expect(await next()).toBe('key 3')
})

test('who asks for a key that cannot be made is told so, and the next one is not', async () => {
  const { make } = maker(1)
  const next = keysAhead(make)
  await expect(next()).rejects.toThrow('no key 1')
  expect(await next()).toBe('key 2')
})
