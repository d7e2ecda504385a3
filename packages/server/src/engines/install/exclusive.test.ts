import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exclusively } from '#engines/install/exclusive.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-exclusive-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('one works at a time, the next one is told that it waits', async () => {
  const file = join(directory, 'sub', 'a.lock')
  let inside = 0
  let most = 0
  let waited = 0
  const work = async (): Promise<void> => {
    most = Math.max(most, ++inside)
    await sleep(20)
    inside--
  }
  await Promise.all([1, 2, 3].map(() => exclusively(file, work, () => waited++)))
  expect(most).toBe(1)
  expect(waited).toBe(2)
})

test('work that fails gives the lock back', async () => {
  const file = join(directory, 'b.lock')
  await expect(exclusively(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await exclusively(file, async () => 'yes')).toBe('yes')
})

test('a lock that cannot be made is an error, not a wait', async () => {
  await expect(exclusively(directory, async () => 'never')).rejects.toThrow(/unable to open/)
})
