import { expect, test } from 'vitest'
import type { ProcessExit } from '#supervisor/runtime.ts'
import { EndedEarly, waitUntil } from '#supervisor/wait-until.ts'

const never = new Promise<ProcessExit>(() => {})
const options = { everyMillis: 1, timeoutMillis: 5_000, signal: new AbortController().signal, what: 'listen' }

test('asks again until there is an answer', async () => {
  let asked = 0
  const answer = await waitUntil(
    { pid: 1, exited: never },
    async () => (++asked === 3 ? { asked } : undefined),
    options,
  )
  expect(answer).toEqual({ asked: 3 })
})

test('the end of the process ends the wait, with what it last wrote', async () => {
  const exited = Promise.resolve({ code: 2, signal: null, lastOutput: 'no such port' })
  const wait = waitUntil({ pid: 1, exited }, async () => undefined, options)
  await expect(wait).rejects.toThrow(EndedEarly)
  await expect(wait).rejects.toThrow('ended with code 2 before it was ready: no such port')
})

test('a process ended by a signal says so', async () => {
  const exited = Promise.resolve({ code: null, signal: 'SIGKILL', lastOutput: '' })
  await expect(waitUntil({ pid: 1, exited }, async () => undefined, options)).rejects.toThrow(
    'ended by SIGKILL before it was ready',
  )
})

test('time is limited', async () => {
  const wait = waitUntil({ pid: 1, exited: never }, async () => undefined, { ...options, timeoutMillis: 20 })
  await expect(wait).rejects.toThrow('did not listen within 0 seconds')
})

test('an abort ends the wait with its reason, and the probe hears of it', async () => {
  const abort = new AbortController()
  let heard: AbortSignal | undefined
  const wait = waitUntil(
    { pid: 1, exited: never },
    async (signal) => {
      heard = signal
      abort.abort(new Error('the broker is deleted'))
      return undefined
    },
    { ...options, signal: abort.signal },
  )
  await expect(wait).rejects.toThrow('the broker is deleted')
  expect(heard?.aborted).toBe(true)
})

test('an error of the probe ends the wait', async () => {
  const probe = async (): Promise<undefined> => {
    throw new Error('the certificate is not ours')
  }
  await expect(waitUntil({ pid: 1, exited: never }, probe, options)).rejects.toThrow('the certificate is not ours')
})
