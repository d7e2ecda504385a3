import { expect, test } from 'vitest'
import type { DeliverySpec, DeliveryStatus } from '#delivery/delivery.ts'
import { Lane } from '#delivery/lane.ts'
import type { Runner } from '#delivery/runner.ts'
import { BrokerLogs } from '#delivery/testing/broker-logs.ts'

const logs = new BrokerLogs()
logs.remove()
const spec = logs.spec()

/** Runners that end when they are told to, and a note of how many ran at a time. */
function runners(): {
  readonly run: (spec: DeliverySpec) => Runner
  readonly end: () => void
  readonly most: () => number
  readonly started: string[]
} {
  const started: string[] = []
  const ends: (() => void)[] = []
  let running = 0
  let most = 0
  return {
    started,
    most: () => most,
    end: () => ends.shift()?.(),
    run: ({ sink }) => {
      started.push(sink.kind)
      running += 1
      most = Math.max(most, running)
      const ended = new Promise<void>((resolve) => ends.push(resolve)).then(() => {
        running -= 1
      })
      const status = (): DeliveryStatus => ({
        id: 'd',
        state: 'delivering',
        since: 0,
        deliveredEvents: 1,
        rejectedEvents: 0,
        lagBytes: 0,
        lostBytes: 0,
      })
      return { status, stop: () => ended }
    },
  }
}

test('a start while it stops waits for the end, and two runners never run at a time', async () => {
  const made = runners()
  const lane = new Lane(made.run)
  lane.start(spec)
  const stopped = lane.stop({})
  lane.start({ ...spec, sink: { kind: 'discard' } })
  expect(made.started).toEqual(['logs'])
  made.end()
  await stopped
  expect(made.started).toEqual(['logs', 'discard'])
  expect(made.most()).toBe(1)
  expect(lane.isResting).toBe(false)
})

test('a stop takes back a start that waits', async () => {
  const made = runners()
  const lane = new Lane(made.run)
  lane.start(spec)
  const first = lane.stop({})
  lane.start(spec)
  const second = lane.stop({})
  made.end()
  await Promise.all([first, second])
  expect(made.started).toEqual(['logs'])
  expect(lane.isResting).toBe(true)
  expect(lane.status()?.deliveredEvents).toBe(1)
})

test('work aside runs alone, and what ran before runs again after it, also when the work fails', async () => {
  const made = runners()
  const lane = new Lane(made.run)
  lane.start(spec)
  const aside = lane.aside(() => Promise.reject(new Error('no')))
  made.end()
  await expect(aside).rejects.toThrow('no')
  expect(made.started).toEqual(['logs', 'logs'])
  const again = lane.stop({})
  made.end()
  await again
  expect(lane.isResting).toBe(true)
})
