import { expect, test } from 'vitest'
import { orAbort } from './or-abort.ts'

test('who waits gets the outcome, or leaves with the reason of the signal while others wait on', async () => {
  const leaving = new AbortController()
  const staying = new AbortController()
  const { promise, resolve } = Promise.withResolvers<number>()
  const left = orAbort(promise, leaving.signal)
  const stayed = orAbort(promise, staying.signal)
  leaving.abort(new Error('gone'))
  await expect(left).rejects.toThrow('gone')
  resolve(7)
  expect(await stayed).toBe(7)
  expect(() => orAbort(promise, leaving.signal)).toThrow('gone')
  await expect(orAbort(Promise.reject(new Error('failed')), staying.signal)).rejects.toThrow('failed')
})
