import { beforeEach, expect, test } from 'vitest'
import type { Call, CallOptions, Checkpoint } from '#kernel/call.ts'
import { AwsError } from '#kernel/errors.ts'
import type { Sink } from '#delivery/sink.ts'
import { logsSink } from '#delivery/sinks/logs/logs-sink.ts'
import { BrokerLogs, FixedClock, NOON } from '#delivery/testing/broker-logs.ts'
import { FarEnd, accessDenied, denial, throttled } from '#delivery/testing/far-end.ts'

const never = new AbortController().signal
const checkpoint: Checkpoint = { source: 'd', sequence: 1, position: 'p' }
const events = [{ timestamp: NOON, message: 'one' }]
const DAY = 24 * 60 * 60 * 1_000
const logs = new BrokerLogs()
const { sink: spec } = logs.spec()
logs.remove()
let farEnd: FarEnd
let sink: Sink

beforeEach(() => {
  farEnd = new FarEnd(new FixedClock())
  sink = logsSink(spec, { call: farEnd.call })
})

const failWith = (error: Error, operation = 'PutLogEvents'): void => {
  farEnd.fault = (called) => (called === operation ? { error, when: 'before' } : undefined)
}

test('a stream is ready when it was created, and when it was there', async () => {
  expect(await sink.prepare(never)).toEqual({ kind: 'ready' })
  expect(await sink.prepare(never)).toEqual({ kind: 'ready' })
})

test('a missing group is a reason to wait', async () => {
  farEnd.groups.clear()
  const waits = { kind: 'retry', reason: expect.stringContaining('/g does not exist') as string }
  expect(await sink.prepare(never)).toEqual(waits)
  expect(await sink.deliver(events, checkpoint, never)).toEqual(waits)
})

test('events go to a stream that was not there', async () => {
  expect(await sink.deliver(events, checkpoint, never)).toEqual({ kind: 'delivered', rejectedEvents: 0 })
  expect(farEnd.messages()).toEqual(['one'])
  expect(farEnd.calls.map(({ operation }) => operation)).toEqual(['PutLogEvents', 'CreateLogStream', 'PutLogEvents'])
})

test.each([
  {
    name: 'a denial',
    error: accessDenied('logs:PutLogEvents'),
    want: { kind: 'retry', decision: denial, reason: accessDenied('logs:PutLogEvents').message },
  },
  {
    name: 'throttling',
    error: throttled(),
    want: { kind: 'retry', reason: 'PutLogEvents failed: ThrottlingException: Rate exceeded' },
  },
  {
    name: 'an internal failure',
    error: new AwsError('InternalFailure', 500, 'oh'),
    want: { kind: 'retry', reason: 'PutLogEvents failed: InternalFailure: oh' },
  },
  {
    name: 'an operation that is not built',
    error: new AwsError('NotImplemented', 501, 'no'),
    want: { kind: 'retry', reason: 'PutLogEvents failed: NotImplemented: no' },
  },
  {
    name: 'anything else thrown',
    error: new TypeError('odd'),
    want: { kind: 'retry', reason: 'PutLogEvents failed: odd' },
  },
  {
    name: 'an invalid parameter',
    error: new AwsError('InvalidParameterException', 400, 'bad'),
    want: { kind: 'rejected', reason: 'PutLogEvents failed: InvalidParameterException: bad' },
  },
])('the outcome of $name', async ({ error, want }) => {
  await sink.prepare(never)
  failWith(error)
  expect(await sink.deliver(events, checkpoint, never)).toEqual(want)
})

test('a stream that can never be created is waited for: none of its events is to blame', async () => {
  failWith(new AwsError('InvalidParameterException', 400, 'bad name'), 'CreateLogStream')
  expect(await sink.prepare(never)).toEqual({
    kind: 'retry',
    reason: 'CreateLogStream failed: InvalidParameterException: bad name',
  })
  expect(await sink.deliver(events, checkpoint, never)).toMatchObject({ kind: 'retry' })
})

test('a denial to create the stream comes with its decision', async () => {
  failWith(accessDenied('logs:CreateLogStream'), 'CreateLogStream')
  expect(await sink.prepare(never)).toMatchObject({ kind: 'retry', decision: denial })
})

test('a failure of the second try is an outcome too', async () => {
  let puts = 0
  farEnd.fault = (operation) =>
    operation === 'PutLogEvents' && ++puts === 2 ? { error: throttled(), when: 'before' } : undefined
  expect(await sink.deliver(events, checkpoint, never)).toMatchObject({ kind: 'retry' })
})

test('events outside the window are counted as rejected', async () => {
  const times = [NOON - 15 * DAY, NOON - 15 * DAY, NOON, NOON + DAY]
  await sink.prepare(never)
  const old = times.slice(0, 3).map((timestamp) => ({ timestamp, message: 'x' }))
  // The span of a batch is the pump's care; two calls show both ends of the window.
  expect(await sink.deliver(old.slice(0, 2), checkpoint, never)).toEqual({ kind: 'delivered', rejectedEvents: 2 })
  const late = times.slice(2).map((timestamp) => ({ timestamp, message: 'x' }))
  expect(await sink.deliver(late, { ...checkpoint, sequence: 2 }, never)).toEqual({
    kind: 'delivered',
    rejectedEvents: 1,
  })
})

test.each([
  { name: 'expired by retention', info: { expiredLogEventEndIndex: 2 }, want: 2 },
  {
    name: 'expired and too old, which overlap',
    info: { expiredLogEventEndIndex: 3, tooOldLogEventEndIndex: 1 },
    want: 3,
  },
  { name: 'at both ends', info: { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 3 }, want: 2 },
  { name: 'none', info: {}, want: 0 },
])('rejected events are counted when they are $name', async ({ info, want }) => {
  const call = (async () => ({ rejectedLogEventsInfo: info })) as unknown as Call
  const four = Array.from({ length: 4 }, () => ({ timestamp: NOON, message: 'x' }))
  expect(await logsSink(spec, { call }).deliver(four, checkpoint, never)).toEqual({
    kind: 'delivered',
    rejectedEvents: want,
  })
})

test('calls are made as the service, for the resource, with the checkpoint as context', async () => {
  const calls: { readonly as: unknown; readonly input: object; readonly options: CallOptions | undefined }[] = []
  const call = (async (as: unknown, _service: string, _operation: string, input: object, options?: CallOptions) => {
    calls.push({ as, input, options })
    return {}
  }) as unknown as Call
  await logsSink(spec, { call }).deliver(events, checkpoint, never)
  expect(calls).toEqual([
    { as: spec.as, input: { logGroupName: '/g', logStreamName: 's', logEvents: events }, options: { checkpoint } },
  ])
})
