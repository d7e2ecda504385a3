import { expect, test } from 'vitest'
import { oneByOne } from '#kernel/one-by-one.ts'

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2))

test('work on one key happens in order, never side by side', async () => {
  const queue = oneByOne()
  const log: string[] = []
  const work = (name: string) => async () => {
    log.push(`${name} begins`)
    await pause()
    log.push(`${name} ends`)
    return name
  }
  const answers = await Promise.all([queue.run('a', work('first')), queue.run('a', work('second'))])
  expect(answers).toEqual(['first', 'second'])
  expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
})

test('other keys do not wait', async () => {
  const queue = oneByOne()
  const blocked = Promise.withResolvers<void>()
  const first = queue.run('a', () => blocked.promise)
  expect(await queue.run('b', async () => 'done')).toBe('done')
  blocked.resolve()
  await first
})

test('work that fails does not hold up what comes after it', async () => {
  const queue = oneByOne()
  const failing = queue.run('a', () => Promise.reject(new Error('no')))
  const next = queue.run('a', async () => 'went on')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('went on')
})
