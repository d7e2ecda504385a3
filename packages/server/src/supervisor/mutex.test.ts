import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { keyedMutex } from '#supervisor/mutex.ts'

test('tasks of one key run one after the other, in order; other keys do not wait', async () => {
  const exclusive = keyedMutex()
  const seen: string[] = []
  const task = (name: string, millis: number) => async (): Promise<string> => {
    seen.push(`${name} begins`)
    await sleep(millis)
    seen.push(`${name} ends`)
    return name
  }
  const answers = await Promise.all([
    exclusive('a', task('1', 15)),
    exclusive('a', task('2', 1)),
    exclusive('b', task('3', 1)),
  ])
  expect(answers).toEqual(['1', '2', '3'])
  expect(seen).toEqual(['1 begins', '3 begins', '3 ends', '1 ends', '2 begins', '2 ends'])
})

test('a failed task fails its caller alone', async () => {
  const exclusive = keyedMutex()
  const failed = exclusive('a', () => Promise.reject(new Error('no')))
  const next = exclusive('a', async () => 'yes')
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
