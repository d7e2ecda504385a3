import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Batch, type BatchLimits } from '#delivery/batch.ts'

const LIMITS: BatchLimits = { events: 3, bytes: 100, overheadBytes: 26, eventBytes: 74, spanMillis: 1_000 }
const add = (batch: Batch, message: string, timestamp = 0): boolean =>
  batch.add({ timestamp, message }, Buffer.byteLength(message))

test('a batch is full by count', () => {
  const batch = new Batch(LIMITS)
  expect(['a', 'b', 'c', 'd'].map((message) => add(batch, message))).toEqual([true, true, true, false])
  expect(batch.events.map(({ message }) => message)).toEqual(['a', 'b', 'c'])
})

test('a batch is full by bytes, overhead included', () => {
  const batch = new Batch(LIMITS)
  expect(add(batch, 'x'.repeat(24))).toBe(true)
  expect(add(batch, 'x'.repeat(25))).toBe(false)
  expect(add(batch, 'x'.repeat(24))).toBe(true)
})

test('a batch ends where its span does', () => {
  const batch = new Batch(LIMITS)
  expect([5, 1_005, 1_006].map((time) => add(batch, 'a', time))).toEqual([true, true, false])
})

test('a first event always fits', () => {
  expect(add(new Batch({ ...LIMITS, bytes: 10 }), 'x'.repeat(74))).toBe(true)
})

test('no batch of several events is beyond a limit', () => {
  const events = fc.array(fc.record({ message: fc.string({ minLength: 1, maxLength: 40 }), step: fc.nat(600) }), {
    maxLength: 20,
  })
  fc.assert(
    fc.property(events, (offered) => {
      const batch = new Batch(LIMITS)
      let time = 0
      for (const { message, step } of offered) {
        time += step
        add(batch, message, time)
      }
      const bytes = batch.events.reduce((total, { message }) => total + Buffer.byteLength(message) + 26, 0)
      const times = batch.events.map(({ timestamp }) => timestamp)
      expect(batch.events.length).toBeLessThanOrEqual(3)
      if (batch.events.length > 1) expect(bytes).toBeLessThanOrEqual(100)
      expect(Math.max(0, ...times) - Math.min(...times, Math.max(0, ...times))).toBeLessThanOrEqual(1_000)
    }),
  )
})
