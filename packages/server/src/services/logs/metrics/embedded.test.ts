import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmbeddedMetric, mayBeEmbedded, readEmbedded } from '#services/logs/metrics/embedded.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const DAY = 24 * 60 * 60_000
const directive = {
  Namespace: 'orders',
  Dimensions: [['service']],
  Metrics: [{ Name: 'latency', Unit: 'Milliseconds', StorageResolution: 60 }],
}
const root = { service: 'checkout', latency: 100, requestId: 'r-1' }
const written = (changes: object = {}, meta: object = {}, members: object = {}): string =>
  JSON.stringify({
    _aws: { Timestamp: NOW, CloudWatchMetrics: [{ ...directive, ...changes }], ...meta },
    ...root,
    ...members,
  })
const read = (message: string) => {
  expect(mayBeEmbedded(message)).toBe(true)
  return readEmbedded(message, NOW)
}
const metricsOf = (message: string): readonly EmbeddedMetric[] => {
  const embedded = read(message)
  return embedded.kind === 'metrics' ? embedded.metrics : []
}

test('a metric has its namespace, name, unit, dimensions, time and value', () => {
  expect(read(written())).toEqual({
    kind: 'metrics',
    metrics: [
      {
        namespace: 'orders',
        metricName: 'latency',
        unit: 'Milliseconds',
        dimensions: { service: 'checkout' },
        at: NOW,
        values: [100],
      },
    ],
  })
})

test('each metric comes with each set of dimensions, of every directive', () => {
  const message = written(
    { Dimensions: [[], ['service'], ['service', 'requestId']], Metrics: [{ Name: 'latency' }, { Name: 'size' }] },
    {},
    { size: [1, 2, 2] },
  )
  const found = metricsOf(message)
  expect(found.map(({ metricName, dimensions }) => [metricName, Object.keys(dimensions).join()])).toEqual([
    ['latency', ''],
    ['latency', 'service'],
    ['latency', 'service,requestId'],
    ['size', ''],
    ['size', 'service'],
    ['size', 'service,requestId'],
  ])
  expect(found.at(-1)).toMatchObject({ unit: 'None', values: [1, 2, 2] })
  const two = written({}, { CloudWatchMetrics: [directive, { ...directive, Namespace: 'other' }] })
  expect(metricsOf(two).map(({ namespace }) => namespace)).toEqual(['orders', 'other'])
  expect(metricsOf(written({}, { CloudWatchMetrics: [] }))).toEqual([])
})

const many = (count: number) => Array.from({ length: count }, (_, index) => `m${String(index)}`)
const named = (names: readonly string[], value: unknown) => Object.fromEntries(names.map((name) => [name, value]))
const bad: readonly (readonly [what: string, message: string])[] = [
  ['no time', written({}, { Timestamp: undefined })],
  ['a time in words', written({}, { Timestamp: '2026-11-21' })],
  ['a time of long ago', written({}, { Timestamp: NOW - 14 * DAY - 1 })],
  ['a time far ahead', written({}, { Timestamp: NOW + 2 * 3_600_000 + 1 })],
  ['directives that are no list', written({}, { CloudWatchMetrics: directive })],
  ['a directive that is none', written({}, { CloudWatchMetrics: [null] })],
  ['no namespace', written({ Namespace: undefined })],
  ['a namespace of AWS', written({ Namespace: 'AWS/Logs' })],
  ['a namespace that is too long', written({ Namespace: 'n'.repeat(256) })],
  ['no dimensions', written({ Dimensions: undefined })],
  ['dimensions that are no sets', written({ Dimensions: ['service'] })],
  ['a dimension that is not there', written({ Dimensions: [['region']] })],
  ['a dimension that every object has', written({ Dimensions: [['constructor']] })],
  ['a dimension that is a number', written({ Dimensions: [['latency']] })],
  ['a dimension that is too long', written({}, {}, { service: 'x'.repeat(1_025) })],
  ['more than 30 dimensions', written({ Dimensions: [many(31)] }, {}, named(many(31), 'x'))],
  ['no metrics', written({ Metrics: undefined })],
  ['a metric without a name', written({ Metrics: [{}] })],
  ['a metric that is not there', written({ Metrics: [{ Name: 'size' }] })],
  ['a metric that is a text', written({}, {}, { latency: '100' })],
  ['a value that is a text', written({}, {}, { latency: [1, '2'] })],
  ['a value that is too large', written({}, {}, { latency: 1e300 })],
  ['more than 100 values', written({}, {}, { latency: many(101).map(() => 1) })],
  ['no values', written({}, {}, { latency: [] })],
  ['more than 100 metrics', written({ Metrics: many(101).map((Name) => ({ Name })) }, {}, named(many(101), 1))],
  ['a unit that there is not', written({ Metrics: [{ Name: 'latency', Unit: 'Hours' }] })],
  ['a resolution that there is not', written({ Metrics: [{ Name: 'latency', StorageResolution: 5 }] })],
  [
    'too many metrics with too many sets',
    written(
      { Dimensions: many(11).map(() => []), Metrics: many(100).map((Name) => ({ Name })) },
      {},
      named(many(100), 1),
    ),
  ],
]
test.each(bad)('%s: the event gives no metric at all', (_what, message) => {
  expect(read(message)).toEqual({ kind: 'invalid' })
})

test('the limits themselves are within', () => {
  expect(metricsOf(written({ Dimensions: [many(30)] }, {}, named(many(30), 'x')))).toHaveLength(1)
  expect(metricsOf(written({ Metrics: many(100).map((Name) => ({ Name })) }, {}, named(many(100), 1)))).toHaveLength(
    100,
  )
  expect(metricsOf(written({}, { Timestamp: NOW - 14 * DAY }))).toHaveLength(1)
  expect(metricsOf(written({}, { Timestamp: NOW + 2 * 3_600_000 }))).toHaveLength(1)
})

test('what only mentions the format is none, and what is cut off cannot be parsed', () => {
  const others = ['', 'ERROR', '{"a":1}', ` ${written()}`, written().replaceAll('_aws', 'aws'), '{"_aws":{}}']
  for (const message of others) expect(mayBeEmbedded(message), message).toBe(false)
  expect(read('{"text":"\\"_aws\\"","_aws":{"x":"CloudWatchMetrics"}}')).toEqual({ kind: 'none' })
  expect(read('{"CloudWatchMetrics":[],"a":{"_aws":1},"_aws":1}')).toEqual({ kind: 'none' })
  expect(read(written().slice(0, -1))).toEqual({ kind: 'unparsable' })
})

test('any JSON under these names is read or refused, never anything else', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (meta, dimensions, metrics) => {
      const CloudWatchMetrics = [{ Namespace: 'n', Dimensions: dimensions, Metrics: metrics }]
      for (const _aws of [meta, { Timestamp: NOW, CloudWatchMetrics: meta }, { Timestamp: NOW, CloudWatchMetrics }]) {
        expect(['none', 'metrics', 'invalid']).toContain(readEmbedded(JSON.stringify({ _aws }), NOW).kind)
      }
    }),
  )
})

let bench: LogsBench
beforeEach(() => {
  bench = openLogsBench()
})
afterEach(() => bench.close())

async function put(logGroupName: string, messages: readonly string[], logGroupClass?: 'INFREQUENT_ACCESS') {
  await bench.call('CreateLogGroup', { logGroupName, ...(logGroupClass && { logGroupClass }) })
  await bench.call('CreateLogStream', { logGroupName, logStreamName: 's' })
  await bench.call('PutLogEvents', {
    logGroupName,
    logStreamName: 's',
    logEvents: messages.map((message) => ({ timestamp: bench.clock.now(), message })),
  })
  await bench.metrics.close()
  await bench.incoming.close()
}
const errors = () =>
  bench.ownPoints.points
    .filter(({ metricName }) => metricName.startsWith('EMF'))
    .map(({ metricName, dimensions, statistics }) => [metricName, dimensions, statistics.sum])

test('what stored events carry becomes points, in the minute that they name, and the events stay as they are', async () => {
  const at = NOW - 3 * 60_000
  const messages = [
    written({}, { Timestamp: at }),
    'ERROR in plain words',
    written({}, { Timestamp: at }, { latency: [50, 50, 200] }),
    '{"level":"INFO"}',
  ]
  await put('g', messages)
  expect(bench.points.points).toEqual([
    {
      account: bench.account,
      region: bench.region,
      namespace: 'orders',
      metricName: 'latency',
      unit: 'Milliseconds',
      dimensions: { service: 'checkout' },
      timestamp: at,
      statistics: { sampleCount: 4, sum: 400, minimum: 50, maximum: 200 },
      distribution: { values: [100, 50, 200], counts: [1, 2, 1] },
    },
  ])
  const { events } = await bench.call('GetLogEvents', { logGroupName: 'g', logStreamName: 's' })
  expect(events?.map(({ message }) => message)).toEqual(messages)
  expect(errors()).toEqual([])
})

test('an event that cannot be read is counted for its group, and is stored all the same', async () => {
  await put('g', [written().slice(0, -1), written({ Namespace: 'AWS/x' }), written({ Namespace: 'AWS/y' }), written()])
  expect(errors()).toEqual([
    ['EMFParsingErrors', { LogGroupName: 'g' }, 1],
    ['EMFValidationErrors', { LogGroupName: 'g' }, 2],
  ])
  expect(bench.points.points).toHaveLength(1)
})

test('groups of the class INFREQUENT_ACCESS give no metrics', async () => {
  await put('cold', [written(), written().slice(0, -1)], 'INFREQUENT_ACCESS')
  expect(bench.points.points).toEqual([])
  expect(errors()).toEqual([])
})

test('metrics that events carry have more sets of dimensions than a filter may make', async () => {
  const services = Array.from({ length: 1_200 }, (_, index) => written({}, {}, { service: `s${String(index)}` }))
  await put('g', services)
  expect(bench.points.points).toHaveLength(1_200)
})
