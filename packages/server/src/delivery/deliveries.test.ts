import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AwsError } from '#kernel/errors.ts'
import type { Deliveries } from '#delivery/delivery.ts'
import type { DeliveryLimits } from '#delivery/limits.ts'
import {
  BrokerLogs,
  FixedClock,
  NOON,
  deliveriesTo,
  record,
  recordingTelemetry,
  statusOf,
  until,
} from '#delivery/testing/broker-logs.ts'
import { FarEnd, accessDenied, denial, throttled } from '#delivery/testing/far-end.ts'

const ID = 'mq/b-1/1/general'
let logs: BrokerLogs
let clock: FixedClock
let farEnd: FarEnd
let telemetry: ReturnType<typeof recordingTelemetry>
let deliveries: Deliveries

const open = (limits: Partial<DeliveryLimits> = {}): Deliveries =>
  (deliveries = deliveriesTo(farEnd, { clock, limits, telemetry }))
const arrived = (...messages: string[]): Promise<void> =>
  until(() => JSON.stringify(farEnd.messages()) === JSON.stringify(messages), `arrival of ${JSON.stringify(messages)}`)

beforeEach(() => {
  logs = new BrokerLogs()
  clock = new FixedClock()
  farEnd = new FarEnd(clock)
  telemetry = recordingTelemetry()
  open()
})

afterEach(async () => {
  await deliveries.close()
  logs.remove()
})

test('lines that are there and lines that come later arrive, without prefix and terminator', async () => {
  logs.append(1, record('one | INFO') + record('two\n  at a.stack.Trace'))
  deliveries.start(logs.spec())
  await arrived('one | INFO', 'two\n  at a.stack.Trace')
  logs.append(1, record('three'))
  await arrived('one | INFO', 'two\n  at a.stack.Trace', 'three')
  expect(statusOf(deliveries, ID)).toMatchObject({
    state: 'delivering',
    deliveredEvents: 3,
    rejectedEvents: 0,
    lostBytes: 0,
    lastDeliveredAt: NOON,
  })
  await until(() => statusOf(deliveries, ID).lagBytes === 0)
  expect(telemetry.counts.get('delivery_events_delivered_total')).toBe(3)
})

test('the stream is created before the first line, even when the directory is not there yet', async () => {
  logs.remove()
  deliveries.start(logs.spec())
  await until(() => farEnd.streams.has('/g/s'))
  expect(farEnd.calls).toEqual([{ operation: 'CreateLogStream', events: 0 }])
  expect(statusOf(deliveries, ID)).toMatchObject({ state: 'delivering', lagBytes: 0 })
})

test('delivered files are deleted, the highest one never', async () => {
  logs.append(1, record('one'))
  logs.append(2, record('two'))
  logs.append(3, record('three'))
  deliveries.start(logs.spec())
  await arrived('one', 'two', 'three')
  await until(() => !existsSync(logs.path(1)) && !existsSync(logs.path(2)))
  expect(existsSync(logs.path(3))).toBe(true)
})

test('while permission is missing the delivery waits, says why, keeps its place, and goes on when it is there', async () => {
  farEnd.fault = (operation) => ({ error: accessDenied(`logs:${operation}`), when: 'before' })
  logs.append(1, record('one'))
  deliveries.start(logs.spec())
  await until(() => statusOf(deliveries, ID).reason?.includes('logs:PutLogEvents') === true)
  expect(statusOf(deliveries, ID)).toMatchObject({
    state: 'waiting',
    decision: denial,
    deliveredEvents: 0,
    lagBytes: record('one').length,
    oldestWaitingAt: NOON,
  })
  logs.append(1, record('two'))
  farEnd.fault = () => undefined
  await arrived('one', 'two')
  await until(() => statusOf(deliveries, ID).state === 'delivering')
  expect(statusOf(deliveries, ID)).not.toHaveProperty('reason')
  expect(statusOf(deliveries, ID)).not.toHaveProperty('decision')
  await until(() => statusOf(deliveries, ID).oldestWaitingAt === undefined)
  expect(telemetry.lines.map(({ event }) => event)).toContain('delivery_resumed')
})

test('a reason is logged once, not once an attempt', async () => {
  farEnd.fault = () => ({ error: throttled(), when: 'before' })
  logs.append(1, record('one'))
  deliveries.start(logs.spec())
  await until(() => farEnd.calls.length > 8)
  const reasons = telemetry.lines.filter(({ event }) => event === 'delivery_waiting').map((line) => line['reason'])
  expect(new Set(reasons).size).toBe(reasons.length)
})

test('without lines, a denied stream is created as soon as permission is there', async () => {
  farEnd.fault = (operation) => ({ error: accessDenied(`logs:${operation}`), when: 'before' })
  deliveries.start(logs.spec())
  await until(() => farEnd.calls.length > 3)
  expect(statusOf(deliveries, ID)).toMatchObject({ state: 'waiting', decision: denial })
  farEnd.fault = () => undefined
  await until(() => farEnd.streams.has('/g/s'))
  await until(() => statusOf(deliveries, ID).state === 'delivering')
})

test('a stream that somebody deleted is created again', async () => {
  logs.append(1, record('one'))
  deliveries.start(logs.spec())
  await arrived('one')
  farEnd.streams.delete('/g/s')
  logs.append(1, record('two'))
  await arrived('two')
})

test('a group that somebody deleted is waited for, and never created', async () => {
  logs.append(1, record('one'))
  deliveries.start(logs.spec())
  await arrived('one')
  farEnd.groups.clear()
  farEnd.streams.clear()
  logs.append(1, record('two'))
  await until(() => statusOf(deliveries, ID).state === 'waiting')
  expect(statusOf(deliveries, ID).reason).toBe(
    "The log group /g does not exist. Delivery goes on when it exists again; for a broker's logs, reboot the broker.",
  )
  expect(farEnd.calls.some(({ operation }) => operation === 'CreateLogGroup')).toBe(false)
  farEnd.groups.add('/g')
  await arrived('two')
})

test('a call that failed after its events were stored brings none of them twice', async () => {
  let failures = 3
  farEnd.fault = (operation) =>
    operation === 'PutLogEvents' && failures-- > 0
      ? { error: new AwsError('InternalFailure', 500, 'late'), when: 'after' }
      : undefined
  const lines = Array.from({ length: 200 }, (_, index) => `line ${String(index)}`)
  logs.append(1, lines.map((line) => record(line)).join(''))
  deliveries.start(logs.spec())
  await until(() => farEnd.messages().length >= 200)
  logs.append(1, record('last'))
  await arrived(...lines, 'last')
})

test('an event that will never be taken is found, counted and passed over; all others arrive', async () => {
  farEnd.fault = (operation, events) =>
    operation === 'PutLogEvents' && events.some(({ message }) => message === 'poison')
      ? { error: new AwsError('InvalidParameterException', 400, 'not this one'), when: 'before' }
      : undefined
  const lines = Array.from({ length: 100 }, (_, index) => (index % 40 === 17 ? 'poison' : `line ${String(index)}`))
  logs.append(1, lines.map((line) => record(line)).join(''))
  deliveries.start(logs.spec())
  await arrived(...lines.filter((line) => line !== 'poison'))
  expect(statusOf(deliveries, ID)).toMatchObject({ state: 'delivering', deliveredEvents: 97, rejectedEvents: 3 })
  expect(telemetry.lines.find(({ event }) => event === 'events_rejected')).toMatchObject({
    reason: 'PutLogEvents failed: InvalidParameterException: not this one',
  })
})

test('finding an event that will never be taken costs few calls', async () => {
  farEnd.fault = (operation, events) =>
    operation === 'PutLogEvents' && events.some(({ message }) => message === 'poison')
      ? { error: new AwsError('InvalidParameterException', 400, 'not this one'), when: 'before' }
      : undefined
  logs.append(1, Array.from({ length: 8_192 }, (_, index) => record(index === 5_000 ? 'poison' : 'x')).join(''))
  deliveries.start(logs.spec())
  await until(() => farEnd.messages().length === 8_191)
  expect(farEnd.calls.length).toBeLessThan(60)
})

test('while the destination refuses, only small batches are tried; then full ones again', async () => {
  farEnd.fault = (operation) => (operation === 'PutLogEvents' ? { error: throttled(), when: 'before' } : undefined)
  logs.append(1, Array.from({ length: 1_000 }, () => record('x'.repeat(74))).join(''))
  deliveries.start(logs.spec())
  await until(() => farEnd.calls.length > 5)
  farEnd.fault = () => undefined
  await until(() => farEnd.messages().length === 1_000)
  const counts = farEnd.calls.filter(({ operation }) => operation === 'PutLogEvents').map(({ events }) => events)
  expect(counts[0]).toBe(1_000)
  expect(counts.slice(1, -1).every((count) => count === 5)).toBe(true)
  expect(counts.at(-1)).toBe(995)
})

test('events older than 14 days are counted as rejected and passed', async () => {
  const old = NOON - 15 * 24 * 60 * 60 * 1_000
  logs.append(1, record('old', old) + record('older than the old one', old - 5) + record('fresh'))
  deliveries.start(logs.spec())
  await arrived('fresh')
  await until(() => statusOf(deliveries, ID).rejectedEvents === 2)
  expect(statusOf(deliveries, ID).deliveredEvents).toBe(1)
  expect(telemetry.counts.get('delivery_events_rejected_total')).toBe(2)
})

test('batches are cut at 24 hours', async () => {
  const hour = 60 * 60 * 1_000
  const times = [0, 10, 24, 25, 48, 49].map((hours) => NOON - 50 * hour + hours * hour)
  logs.append(1, times.map((time, index) => record(`line ${String(index)}`, time)).join(''))
  deliveries.start(logs.spec())
  await until(() => farEnd.messages().length === 6)
  expect(farEnd.calls.filter(({ operation }) => operation === 'PutLogEvents').map(({ events }) => events)).toEqual([
    3, 3,
  ])
})

test('a full batch has 10,000 events, and an event of more than 1 MiB comes in pieces', async () => {
  const big = 'ü'.repeat(600_000)
  logs.append(1, Array.from({ length: 10_001 }, (_, index) => record(String(index))).join('') + record(big))
  deliveries.start(logs.spec())
  await until(() => farEnd.messages().join('').endsWith(big))
  const counts = farEnd.calls.filter(({ operation }) => operation === 'PutLogEvents').map(({ events }) => events)
  expect(counts[0]).toBe(10_000)
  expect(farEnd.messages()).toHaveLength(10_003)
  expect(farEnd.messages().at(-2)).toBe('ü'.repeat(524_275))
})

test('a restart goes on where the last batch was committed', async () => {
  logs.append(1, record('one'))
  deliveries.start(logs.spec())
  await arrived('one')
  await deliveries.close()
  logs.append(1, record('two'))
  logs.append(2, record('three'))
  open()
  deliveries.start(logs.spec())
  await arrived('one', 'two', 'three')
})

test('stop keeps what is left for the next start, and says that nobody delivers', async () => {
  farEnd.fault = () => ({ error: throttled(), when: 'before' })
  logs.append(1, record('one'))
  deliveries.start(logs.spec())
  await until(() => statusOf(deliveries, ID).state === 'waiting')
  await deliveries.stop(ID)
  expect(statusOf(deliveries, ID)).toMatchObject({ state: 'stopped', lagBytes: record('one').length })
  farEnd.fault = () => undefined
  deliveries.start(logs.spec())
  await arrived('one')
})

test('a drain delivers what the source holds, and counts go on after a restart', async () => {
  open({ lingerMillis: 50 })
  logs.append(1, record('one'))
  deliveries.start(logs.spec())
  await arrived('one')
  logs.append(1, record('two'))
  await deliveries.stop(ID, { drainMillis: 5_000 })
  expect(farEnd.messages()).toEqual(['one', 'two'])
  deliveries.start(logs.spec())
  expect(statusOf(deliveries, ID)).toMatchObject({ state: 'starting', deliveredEvents: 2 })
})

test('a drain ends in time although the destination refuses', async () => {
  farEnd.fault = () => ({ error: throttled(), when: 'before' })
  logs.append(1, record('one'))
  deliveries.start(logs.spec())
  const begun = performance.now()
  await deliveries.stop(ID, { drainMillis: 30 })
  expect(performance.now() - begun).toBeLessThan(5_000)
  expect(statusOf(deliveries, ID).state).toBe('stopped')
})

test('a drain does not wait for the rest of a line that a killed broker left', async () => {
  logs.append(1, `${record('one')}${String(NOON)} torn`)
  deliveries.start(logs.spec())
  await deliveries.stop(ID, { drainMillis: 60_000 })
  expect(farEnd.messages()).toEqual(['one'])
})

test('a drain ends at once when nothing whole is left and the stream may not be created', async () => {
  farEnd.fault = () => ({ error: throttled(), when: 'before' })
  logs.append(1, `${String(NOON)} torn`)
  deliveries.start(logs.spec())
  await until(() => statusOf(deliveries, ID).state === 'waiting')
  await deliveries.stop(ID, { drainMillis: 60_000 })
  expect(statusOf(deliveries, ID)).toMatchObject({ state: 'stopped', lagBytes: `${String(NOON)} torn`.length })
})

test('a directory that was deleted and made again is followed at once', async () => {
  await deliveries.close()
  open({ pollMillis: 60_000 })
  logs.append(1, record('one'))
  deliveries.start(logs.spec())
  await arrived('one')
  rmSync(logs.directory, { recursive: true })
  await until(() => statusOf(deliveries, ID).lagBytes === 0)
  await new Promise((resolve) => setTimeout(resolve, 30))
  mkdirSync(logs.directory)
  logs.append(1, record('two'))
  await arrived('one', 'two')
})

test('skip passes over everything that is there, once and for all', async () => {
  logs.append(1, record('one'))
  logs.append(2, `${record('two')}${String(NOON)} half of thr`)
  await deliveries.skip(ID, logs.source)
  expect(existsSync(logs.path(1))).toBe(false)
  expect(existsSync(logs.path(2))).toBe(true)
  deliveries.start(logs.spec())
  logs.append(2, `ee\u001e\n${record('four')}`)
  await arrived('four')
  await deliveries.close()
  open()
  deliveries.start(logs.spec())
  logs.append(2, record('five'))
  await arrived('four', 'five')
})

test('skip of a delivery that waits lets it go on behind what was skipped', async () => {
  farEnd.fault = () => ({ error: throttled(), when: 'before' })
  logs.append(1, record('one'))
  deliveries.start(logs.spec())
  await until(() => statusOf(deliveries, ID).state === 'waiting')
  await deliveries.skip(ID, logs.source)
  farEnd.fault = () => undefined
  logs.append(1, record('two'))
  await arrived('two')
})

test('start leaves a delivery alone that runs, and a start during a stop runs afterwards', async () => {
  logs.append(1, record('one'))
  deliveries.start(logs.spec())
  deliveries.start({ ...logs.spec(), sink: { kind: 'discard' } })
  await arrived('one')
  const stopping = deliveries.stop(ID)
  deliveries.start(logs.spec())
  await stopping
  expect(statusOf(deliveries, ID).state).not.toBe('stopped')
  logs.append(1, record('two'))
  await arrived('one', 'two')
})

test('discard keeps the two newest files and delivers nothing', async () => {
  for (const number of [1, 2, 3, 4]) logs.append(number, record(`in ${String(number)}`))
  deliveries.start({ ...logs.spec(), sink: { kind: 'discard' } })
  await until(() => !existsSync(logs.path(2)))
  logs.append(5, record('in 5'))
  await until(() => !existsSync(logs.path(3)))
  expect([1, 2, 3, 4, 5].map((number) => existsSync(logs.path(number)))).toEqual([false, false, false, true, true])
  expect(farEnd.calls).toEqual([])
  expect(statusOf(deliveries, ID)).toMatchObject({ state: 'delivering', lagBytes: 0 })
})

test('beyond the disk bound the oldest goes, one marker says how many bytes, and what was kept arrives', async () => {
  open({ sourceBytes: 300 })
  farEnd.fault = () => ({ error: throttled(), when: 'before' })
  const inFile = (number: number): string => record(`line of file ${String(number)} ${'x'.repeat(80)}`)
  deliveries.start(logs.spec())
  for (const number of [1, 2, 3, 4, 5]) {
    logs.append(number, inFile(number))
    await until(() => statusOf(deliveries, ID).lagBytes >= Math.min(number, 2) * inFile(1).length)
  }
  await until(() => statusOf(deliveries, ID).lostBytes === 3 * inFile(1).length)
  await deliveries.close()
  open({ sourceBytes: 300 })
  farEnd.fault = () => undefined
  deliveries.start(logs.spec())
  await until(() => farEnd.messages().length === 3)
  expect(farEnd.messages()[0]).toBe(
    `${String(3 * inFile(1).length)} bytes of this log were given up here: more than 300 bytes waited for delivery, so the oldest were deleted.`,
  )
  expect(farEnd.messages().slice(1).join('')).toMatch(/file 4.*file 5/)
  expect(statusOf(deliveries, ID).lostBytes).toBe(3 * inFile(1).length)
  expect(telemetry.counts.get('delivery_bytes_lost_total')).toBe(3 * inFile(1).length)
})

test('what was stored by a call that seemed to fail is not counted as lost', async () => {
  open({ sourceBytes: 100 })
  let stored = false
  farEnd.fault = (operation) => {
    if (operation !== 'PutLogEvents') return undefined
    const when = stored ? 'before' : 'after'
    stored = true
    return { error: throttled(), when }
  }
  logs.append(1, record('one'))
  deliveries.start(logs.spec())
  await arrived('one')
  logs.append(2, record('x'.repeat(90)))
  logs.append(3, record('y'.repeat(90)))
  await until(() => statusOf(deliveries, ID).lostBytes > 0)
  expect(statusOf(deliveries, ID).lostBytes).toBe(record('x'.repeat(90)).length)
})

test('a source that cannot be read makes the delivery wait with a reason, and is tried again', async () => {
  const broken = { ...logs.spec(), source: { ...logs.source, directory: `${logs.directory}/file` } }
  writeFileSync(broken.source.directory, 'not a directory')
  deliveries.start(broken)
  await until(() => statusOf(deliveries, ID).state === 'waiting')
  expect(statusOf(deliveries, ID).reason).toContain('ENOTDIR')
  rmSync(broken.source.directory)
  mkdirSync(broken.source.directory)
  writeFileSync(`${broken.source.directory}/activemq-1.log`, record('one'))
  await arrived('one')
})

test('an id that does not fit into a checkpoint is refused, and nothing starts after close', async () => {
  expect(() => deliveries.start(logs.spec('x'.repeat(201)))).toThrow(RangeError)
  await deliveries.close()
  deliveries.start(logs.spec())
  expect(deliveries.status(ID)).toBeUndefined()
})
