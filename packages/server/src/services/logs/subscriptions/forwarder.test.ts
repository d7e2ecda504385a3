import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MAX_QUEUED_BATCHES } from '#services/logs/limits.ts'
import type { SubscriptionPayload } from '#services/logs/subscriptions/payload.ts'
import type { SubscriptionRoute, SubscriptionTarget } from '#services/logs/subscriptions/target.ts'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

const STREAM = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/s'
const ROLE = 'arn:aws:iam::111122223333:role/r'

/** A far end that keeps what arrives and fails when it is told to. */
let arrived: { readonly route: SubscriptionRoute; readonly payload: SubscriptionPayload }[]
let fails: (payload: SubscriptionPayload) => boolean
const firehose: SubscriptionTarget = {
  send: async (route, payload) => {
    if (fails(payload)) throw new Error('away')
    if (payload.messageType === 'DATA_MESSAGE') arrived.push({ route, payload })
  },
}

let bench: LogsBench
let start: number
beforeEach(async () => {
  arrived = []
  fails = () => false
  bench = openLogsBench({ targets: new Map([['firehose', firehose]]) })
  start = bench.clock.now()
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  for (const logStreamName of ['s', 't']) await bench.call('CreateLogStream', { logGroupName: 'g', logStreamName })
})
afterEach(async () => {
  await bench.service.forwarder?.close()
  await bench.close()
})

const subscribe = (filterPattern = '', input: Partial<LogsInput<'PutSubscriptionFilter'>> = {}) =>
  bench.call('PutSubscriptionFilter', {
    logGroupName: 'g',
    filterName: 'f',
    filterPattern,
    destinationArn: STREAM,
    roleArn: ROLE,
    ...input,
  })
const send = (messages: readonly string[], logStreamName = 's') =>
  bench.call('PutLogEvents', {
    logGroupName: 'g',
    logStreamName,
    logEvents: messages.map((message) => ({ timestamp: start, message })),
  })
const messages = () => arrived.flatMap(({ payload }) => payload.logEvents.map(({ message }) => message))
const sent = () => bench.service.forwarder?.idle()
const waiting = () => bench.records.listAll('logs.subscription-batch')

test('stored events that match arrive as a payload, with the ids that readers see', async () => {
  await send(['ERROR before'])
  await subscribe('ERROR')
  await send(['ERROR one', 'fine', 'ERROR two'])
  await sent()
  const { events = [] } = await bench.call('FilterLogEvents', { logGroupName: 'g', filterPattern: 'ERROR -before' })
  expect(arrived).toEqual([
    {
      route: {
        destinationArn: STREAM,
        roleArn: ROLE,
        sourceArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:g',
        sourceAccount: bench.account,
        region: bench.region,
        distribution: 'ByLogStream',
      },
      payload: {
        messageType: 'DATA_MESSAGE',
        owner: bench.account,
        logGroup: 'g',
        logStream: 's',
        subscriptionFilters: ['f'],
        logEvents: events.map(({ eventId: id, timestamp, message }) => ({ id, timestamp, message })),
      },
    },
  ])
  expect(await waiting()).toEqual([])
})

test('every filter gets its own, and fields of a space-delimited pattern', async () => {
  await subscribe('[level=ERROR, code]', { filterName: 'a' })
  await subscribe('WARN', { filterName: 'b' })
  await send(['ERROR 7', 'WARN 8'])
  await sent()
  expect(arrived.map(({ payload }) => [payload.subscriptionFilters, payload.logEvents])).toEqual([
    [['a'], [expect.objectContaining({ message: 'ERROR 7', extractedFields: { level: 'ERROR', code: '7' } })]],
    [['b'], [expect.not.objectContaining({ extractedFields: expect.anything() })]],
  ])
})

test('what cannot be sent waits on the disk, in order, and is sent later', async () => {
  await subscribe()
  fails = () => true
  await send(['one'])
  await send(['two'], 't')
  expect(await waiting()).toHaveLength(2)
  expect(arrived).toEqual([])
  fails = () => false
  await sent()
  expect(messages()).toEqual(['one', 'two'])
  expect(arrived.map(({ payload }) => payload.logStream)).toEqual(['s', 't'])
})

test('what a process leaves the next one sends', async () => {
  await subscribe()
  fails = () => true
  await send(['one'])
  await bench.service.forwarder?.close()
  await send(['two'])
  fails = () => false
  expect(arrived).toEqual([])
  const { forwarder } = bench.restarted()
  await forwarder?.resume()
  await forwarder?.idle()
  expect(messages()).toEqual(['one', 'two'])
  expect(await waiting()).toEqual([])
})

test('after a day of failures a batch is given up, and the next one gets its turn', async () => {
  await subscribe()
  fails = ({ logEvents }) => logEvents[0]?.message === 'one'
  await send(['one'])
  await send(['two'])
  bench.clock.advance(86_400_000)
  await sent()
  expect(messages()).toEqual(['two'])
  expect(await waiting()).toEqual([])
})

test('a group that fails does not hold up another one', async () => {
  await bench.call('CreateLogGroup', { logGroupName: 'h' })
  await bench.call('CreateLogStream', { logGroupName: 'h', logStreamName: 's' })
  await subscribe()
  await subscribe('', { logGroupName: 'h' })
  fails = ({ logGroup }) => logGroup === 'g'
  await send(['one'])
  const logEvents = [{ timestamp: start, message: 'other' }]
  await bench.call('PutLogEvents', { logGroupName: 'h', logStreamName: 's', logEvents })
  while (arrived.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  expect(messages()).toEqual(['other'])
})

test('a deleted group, filter or destination sends nothing more', async () => {
  await subscribe()
  fails = () => true
  await send(['one'])
  await bench.call('DeleteSubscriptionFilter', { logGroupName: 'g', filterName: 'f' })
  await sent()
  fails = () => false
  await send(['two'])
  await subscribe()
  fails = () => true
  await send(['three'])
  await bench.call('DeleteLogGroup', { logGroupName: 'g' })
  await sent()
  expect(arrived).toEqual([])
  expect(await waiting()).toEqual([])
})

test('a repeated batch is sent once, and what was rejected not at all', async () => {
  await subscribe()
  const batch = {
    logGroupName: 'g',
    logStreamName: 's',
    logEvents: [
      { timestamp: start - 15 * 86_400_000, message: 'old' },
      { timestamp: start, message: 'new' },
    ],
  }
  const checkpoint = { source: 'x', sequence: 1, position: 'p' }
  await bench.call('PutLogEvents', batch, { checkpoint })
  await bench.call('PutLogEvents', batch, { checkpoint })
  await sent()
  expect(messages()).toEqual(['new'])
})

test('a policy of the account sends for the groups it selects', async () => {
  await bench.call('PutAccountPolicy', {
    policyName: 'all',
    policyType: 'SUBSCRIPTION_FILTER_POLICY',
    policyDocument: JSON.stringify({ DestinationArn: STREAM, RoleArn: ROLE, FilterPattern: 'ERROR' }),
    selectionCriteria: 'LogGroupName NOT IN ["other"]',
  })
  await bench.call('CreateLogGroup', { logGroupName: 'other' })
  await bench.call('CreateLogStream', { logGroupName: 'other', logStreamName: 's' })
  await subscribe('WARN', { logGroupName: 'other', filterName: 'own' })
  await send(['ERROR one', 'fine'])
  const logEvents = [{ timestamp: start, message: 'ERROR other' }]
  await bench.call('PutLogEvents', { logGroupName: 'other', logStreamName: 's', logEvents })
  await sent()
  expect(arrived.map(({ payload }) => payload)).toMatchObject([
    { subscriptionFilters: ['all'], policyLevel: 'ACCOUNT_LEVEL_POLICY', logEvents: [{ message: 'ERROR one' }] },
  ])
  await bench.call('DeleteAccountPolicy', { policyName: 'all', policyType: 'SUBSCRIPTION_FILTER_POLICY' })
  await send(['ERROR two'])
  await sent()
  expect(arrived).toHaveLength(1)
})

test('more than memory holds waits on the disk, and all of it is sent in order', async () => {
  await subscribe()
  fails = () => true
  const all = Array.from({ length: 2 * MAX_QUEUED_BATCHES + 20 }, (_, at) => String(at))
  for (const message of all) await send([message])
  expect(await waiting()).toHaveLength(all.length)
  fails = () => false
  await send(['last'])
  await sent()
  expect([...new Set(messages())]).toEqual([...all, 'last'])
  expect(await waiting()).toEqual([])
})

test('a large batch is cut into payloads', async () => {
  await subscribe()
  await send(Array.from({ length: 2_000 }, (_, at) => `${String(at)} `.padEnd(450, 'x')))
  await sent()
  expect(arrived.length).toBeGreaterThan(1)
  expect(messages()).toHaveLength(2_000)
})

test('whatever fails and whenever it is restarted, every event arrives, and its first arrivals are in order', async () => {
  await subscribe()
  const steps = fc.array(
    fc.record({ events: fc.integer({ min: 1, max: 3 }), failures: fc.nat(2), restart: fc.boolean() }),
    { maxLength: 6 },
  )
  let next = 0
  let forwarder = bench.service.forwarder
  let { PutLogEvents: handler } = bench.service.operations
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const first = next
      arrived = []
      for (const { events, failures, restart } of all) {
        let left = failures
        fails = () => left-- > 0
        const logEvents = Array.from({ length: events }, () => ({ timestamp: start, message: String(next++) }))
        await handler?.({ logGroupName: 'g', logStreamName: 's', logEvents }, bench.context())
        if (!restart) continue
        await forwarder?.close()
        const service = bench.restarted()
        forwarder = service.forwarder
        handler = service.operations.PutLogEvents
        await forwarder?.resume()
      }
      await forwarder?.idle()
      const wanted = Array.from({ length: next - first }, (_, at) => String(first + at))
      expect([...new Set(messages())]).toEqual(wanted)
    }),
    { numRuns: 25, seed: 3 },
  )
  expect(await waiting()).toEqual([])
})
