import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from 'chdb'
import { expect, test } from 'vitest'
import { SessionPool } from './session-pool.ts'

const never = new AbortController().signal
/** The pool only hands sessions over, so any object is one. */
const sessions = (count: number): Session[] =>
  Array.from({ length: count }, (_, index) => ({ path: String(index) }) as unknown as Session)

test('as many statements run at once as there are sessions, the others wait in order', async () => {
  const pool = new SessionPool(sessions(2))
  const notes: string[] = []
  let running = 0
  const work = (name: string) => async (): Promise<string> => {
    running += 1
    expect(running).toBeLessThanOrEqual(2)
    notes.push(name)
    await sleep(2)
    running -= 1
    return name
  }
  expect(pool.busy).toBe(false)
  const all = ['a', 'b', 'c', 'd'].map((name) => pool.run(never, work(name)))
  expect(pool.busy).toBe(true)
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd'])
  expect(notes).toEqual(['a', 'b', 'c', 'd'])
  expect(pool.busy).toBe(false)
})

test('a session is free again after a failure', async () => {
  const pool = new SessionPool(sessions(1))
  await expect(pool.run(never, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await pool.run(never, async (session) => session.path)).toBe('0')
})

test('who gives up while waiting leaves the queue', async () => {
  const pool = new SessionPool(sessions(1))
  const first = pool.run(never, () => sleep(20))
  const stop = new AbortController()
  const second = pool.run(stop.signal, async () => 'ran')
  const third = pool.run(never, async () => 'third')
  stop.abort(new Error('gave up'))
  await expect(second).rejects.toThrow('gave up')
  await first
  expect(await third).toBe('third')
})

test('a queue that grows without end is refused', async () => {
  const pool = new SessionPool(sessions(1))
  const first = pool.run(never, () => sleep(20))
  const waiting = Array.from({ length: 512 }, () => pool.run(never, async () => {}))
  await expect(pool.run(never, async () => {})).rejects.toThrow('too many statements')
  await Promise.all([first, ...waiting])
})
