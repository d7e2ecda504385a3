import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Lifecycle, every } from '#kernel/lifecycle.ts'
import { type Log, type LogFields, silentTelemetry } from '#kernel/telemetry.ts'

/** A log that keeps its errors. */
function keptErrors(): { readonly log: Log; readonly errors: LogFields[] } {
  const errors: LogFields[] = []
  return { errors, log: { ...silentTelemetry.log, error: (fields) => errors.push(fields) } }
}

test('what was started last is stopped first, one at a time', async () => {
  const lifecycle = new Lifecycle(silentTelemetry.log)
  const seen: string[] = []
  lifecycle.onStop('records', () => {
    seen.push('records')
  })
  lifecycle.onStop('journal', async () => {
    seen.push('journal begins')
    await sleep(5)
    seen.push('journal ends')
  })
  await lifecycle.close()
  expect(seen).toEqual(['journal begins', 'journal ends', 'records'])
})

test('a part that fails to stop is logged, and the others are stopped all the same', async () => {
  const { log, errors } = keptErrors()
  const lifecycle = new Lifecycle(log)
  let stopped = 0
  lifecycle.onStop('first', () => {
    stopped += 1
  })
  lifecycle.onStop('throws', () => {
    throw new Error('at once')
  })
  lifecycle.onStop('rejects', () => Promise.reject(new Error('later')))
  await lifecycle.close()
  expect(stopped).toBe(1)
  expect(errors).toEqual([
    { event: 'stop_failed', part: 'rejects', message: 'later' },
    { event: 'stop_failed', part: 'throws', message: 'at once' },
  ])
})

test('closing twice stops once, and both wait for the end', async () => {
  const lifecycle = new Lifecycle(silentTelemetry.log)
  let stops = 0
  lifecycle.onStop('slow', async () => {
    await sleep(5)
    stops += 1
  })
  await Promise.all([lifecycle.close(), lifecycle.close().then(() => expect(stops).toBe(1))])
  await lifecycle.close()
  expect(stops).toBe(1)
})

test('periodic work runs again and again until it is stopped', async () => {
  let runs = 0
  const third = Promise.withResolvers<void>()
  const stop = every(1, 'count', silentTelemetry.log, async () => {
    runs += 1
    if (runs === 3) third.resolve()
  })
  await third.promise
  await stop()
  const atStop = runs
  await sleep(10)
  expect(runs).toBe(atStop)
})

test('runs never overlap, and stopping waits for the one under way', async () => {
  let running = 0
  let most = 0
  const begun = Promise.withResolvers<void>()
  const stop = every(1, 'slow', silentTelemetry.log, async () => {
    begun.resolve()
    running += 1
    most = Math.max(most, running)
    await sleep(10)
    running -= 1
  })
  await begun.promise
  await sleep(5)
  await stop()
  expect(running).toBe(0)
  expect(most).toBe(1)
})

test('a failing run is logged and the next one comes all the same', async () => {
  const { log, errors } = keptErrors()
  let runs = 0
  const second = Promise.withResolvers<void>()
  const stop = every(1, 'sweep', log, async () => {
    runs += 1
    if (runs === 2) second.resolve()
    throw new Error('store is away')
  })
  await second.promise
  await stop()
  expect(errors.slice(0, 2)).toEqual([
    { event: 'periodic_work_failed', work: 'sweep', message: 'store is away' },
    { event: 'periodic_work_failed', work: 'sweep', message: 'store is away' },
  ])
})
