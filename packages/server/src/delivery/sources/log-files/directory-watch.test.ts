import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DirectoryWatch } from '#delivery/sources/log-files/directory-watch.ts'

const LONG = 60_000
const SHORT = 5
const never = new AbortController().signal
let directory: string
let watch: DirectoryWatch
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-watch-'))
  watch = new DirectoryWatch(directory, 'audit', { pollMillis: LONG, unwatchedPollMillis: SHORT })
})
afterEach(() => {
  watch.disarm()
  rmSync(directory, { recursive: true, force: true })
})

test('a change to a file of the prefix ends the wait', async () => {
  expect(watch.arm()).toBe(true)
  expect(watch.arm()).toBe(false)
  const waiting = watch.wait(never)
  appendFileSync(join(directory, 'audit-1.log'), 'x')
  expect(await waiting).toBe(true)
})

test('changes of other files are not heard', async () => {
  watch.arm()
  appendFileSync(join(directory, 'activemq-1.log'), 'x')
  const signal = AbortSignal.timeout(30)
  expect(await watch.wait(signal)).toBe(false)
})

test('what was heard before the wait ends it at once, until it is reset', async () => {
  watch.arm()
  watch.notice()
  expect(await watch.wait(never)).toBe(true)
  watch.reset()
  expect(await watch.wait(AbortSignal.timeout(10))).toBe(false)
})

test('without a directory, and after two misses, it is time to look soon', async () => {
  const missing = new DirectoryWatch(join(directory, 'none'), 'audit', { pollMillis: LONG, unwatchedPollMillis: SHORT })
  expect(missing.arm()).toBe(false)
  expect(await missing.wait(never)).toBe(false)
  watch.missed()
  watch.missed()
  watch.arm()
  expect(await watch.wait(never)).toBe(false)
})

test('one report after misses is enough to trust reports again', async () => {
  watch.missed()
  watch.missed()
  watch.arm()
  appendFileSync(join(directory, 'audit-1.log'), 'x')
  // One write is reported more than once.
  await new Promise((resolve) => setTimeout(resolve, 20))
  watch.reset()
  const begun = performance.now()
  await watch.wait(AbortSignal.timeout(40))
  expect(performance.now() - begun).toBeGreaterThan(20)
})
