import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { identifyProcess, isRunning, signalProcess } from '#kernel/process-identity.ts'

test('a process is told apart from a later one with its pid', () => {
  const own = identifyProcess(process.pid)
  expect(own).toBeDefined()
  if (own === undefined) return
  expect(isRunning(own)).toBe(true)
  expect(isRunning({ ...own, startTime: '1' })).toBe(false)
})

test('a signal reaches exactly the process it was meant for', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  await once(child, 'spawn')
  const identity = identifyProcess(child.pid as number)
  if (identity === undefined) throw new Error('the child has no identity')
  expect(signalProcess({ ...identity, startTime: '1' }, 'SIGKILL')).toBe(false)
  expect(isRunning(identity)).toBe(true)
  const ended = once(child, 'exit')
  expect(signalProcess(identity, 'SIGKILL')).toBe(true)
  await ended
  expect(isRunning(identity)).toBe(false)
  expect(signalProcess(identity, 'SIGTERM')).toBe(false)
})
