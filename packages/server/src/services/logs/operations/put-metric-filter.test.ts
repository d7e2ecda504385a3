import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { logsService } from '#services/logs/index.ts'
import type { LogsInput } from '#services/logs/types.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeEach(async () => {
  bench = openLogsBench()
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  await bench.call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' })
})
afterEach(() => bench.close())

type Put = LogsInput<'PutMetricFilter'>
type Transformation = Put['metricTransformations'][number]

const put = (
  filterPattern: string,
  transformation: Partial<Transformation> = {},
  input: Partial<Omit<Put, 'metricTransformations'>> = {},
) =>
  bench.call('PutMetricFilter', {
    logGroupName: 'g',
    filterName: 'f',
    filterPattern,
    metricTransformations: [{ metricName: 'm', metricNamespace: 'N', metricValue: '1', ...transformation }],
    ...input,
  })
const send = (...messages: readonly string[]) =>
  bench.call('PutLogEvents', {
    logGroupName: 'g',
    logStreamName: 's',
    logEvents: messages.map((message) => ({ timestamp: bench.clock.now(), message })),
  })
/** What was published for what was sent. */
const published = async () => {
  await bench.metrics.close()
  return bench.points.points.map(({ dimensions, unit, statistics }) => ({ dimensions, unit, ...statistics }))
}
const filters = async () => (await bench.call('DescribeMetricFilters', { logGroupName: 'g' })).metricFilters ?? []

test('stored events that match are counted from then on, in the minute of their time', async () => {
  await send('ERROR before')
  await put('ERROR')
  await send('ERROR one', 'fine', 'ERROR two')
  await bench.metrics.close()
  expect(bench.points.points).toEqual([
    {
      account: bench.account,
      region: bench.region,
      namespace: 'N',
      metricName: 'm',
      unit: 'None',
      dimensions: {},
      timestamp: Math.floor(bench.clock.now() / 60_000) * 60_000,
      statistics: { sampleCount: 2, sum: 2, minimum: 1, maximum: 1 },
    },
  ])
})

test('the events of a long batch are counted in the minutes of their times, by every filter', async () => {
  await put('ERROR', { defaultValue: 0 })
  await put('-ERROR', { metricName: 'other', metricValue: '0.5' }, { filterName: 'o' })
  await put('[level, number]', { metricName: 'sum', metricValue: '$number' }, { filterName: 's' })
  await put('nowhere', { metricName: 'none', defaultValue: 7 }, { filterName: 'n' })
  const start = Math.floor(bench.clock.now() / 60_000) * 60_000
  // Two events a second, a third of them errors, over more than one minute.
  const logEvents = Array.from({ length: 150 }, (_, at) => ({
    timestamp: start + at * 500,
    message: `${at % 3 === 0 ? 'ERROR' : 'INFO'} ${String(at)}`,
  }))
  await bench.call('PutLogEvents', { logGroupName: 'g', logStreamName: 's', logEvents })
  await bench.metrics.close()
  const points = bench.points.points
    .map(({ metricName, timestamp, statistics }) => [metricName, (timestamp - start) / 60_000, { ...statistics }])
    .toSorted((a, b) => String(a).localeCompare(String(b)))
  const statistics = (sampleCount: number, sum: number, minimum: number, maximum: number) => ({
    sampleCount,
    sum,
    minimum,
    maximum,
  })
  expect(points).toEqual([
    ['m', 0, statistics(40, 40, 1, 1)],
    ['m', 1, statistics(10, 10, 1, 1)],
    ['none', 0, statistics(1, 7, 7, 7)],
    ['none', 1, statistics(1, 7, 7, 7)],
    ['other', 0, statistics(80, 40, 0.5, 0.5)],
    ['other', 1, statistics(20, 10, 0.5, 0.5)],
    ['sum', 0, statistics(120, 7_140, 0, 119)],
    ['sum', 1, statistics(30, 4_035, 120, 149)],
  ])
})

test('a value and dimensions are taken from JSON', async () => {
  await put(
    '{ $.latency = * }',
    { metricValue: '$.latency', unit: 'Milliseconds', dimensions: { Host: '$.host', Path: "$.['req.path']" } },
    { emitSystemFieldDimensions: ['@aws.region'] },
  )
  await send(
    '{"latency":12.5,"host":"a","req.path":"/"}',
    '{"latency":"2","host":"a","req.path":"/"}',
    '{"latency":"slow","host":"a","req.path":"/"}',
    '{"latency":4,"host":"a"}',
    '{"latency":4,"host":"","req.path":"/"}',
    '{"latency":8,"host":7,"req.path":"/"}',
  )
  const common = { unit: 'Milliseconds' }
  expect(await published()).toEqual([
    {
      ...common,
      dimensions: { '@aws.region': 'eu-west-1', Host: 'a', Path: '/' },
      sampleCount: 2,
      sum: 14.5,
      minimum: 2,
      maximum: 12.5,
    },
    {
      ...common,
      dimensions: { '@aws.region': 'eu-west-1', Host: '7', Path: '/' },
      sampleCount: 1,
      sum: 8,
      minimum: 8,
      maximum: 8,
    },
  ])
})

test('a value and dimensions are taken from fields, by name and by number', async () => {
  await put('[..., status=5*, bytes]', { metricValue: '$bytes', dimensions: { Status: '$status', User: '$2' } })
  await send('10.0.0.1 frank "GET /" 500 1534', '10.0.0.1 frank "GET /" 200 1', 'eve mary "GET /" 503 -')
  expect(await published()).toEqual([
    {
      unit: 'None',
      dimensions: { Status: '500', User: 'frank' },
      sampleCount: 1,
      sum: 1534,
      minimum: 1534,
      maximum: 1534,
    },
  ])
})

test('the default value is reported for a minute with events of which none match', async () => {
  await put('ERROR', { defaultValue: 0.5 })
  await send('fine')
  expect(await published()).toMatchObject([{ sampleCount: 1, sum: 0.5 }])
})

test('rejected events and repeated batches are not counted', async () => {
  await put('')
  const old = { timestamp: bench.clock.now() - 15 * 86_400_000, message: 'old' }
  const batch = {
    logGroupName: 'g',
    logStreamName: 's',
    logEvents: [old, { timestamp: bench.clock.now(), message: 'new' }],
  }
  const checkpoint = { source: 'x', sequence: 1, position: 'p' }
  await bench.call('PutLogEvents', batch, { checkpoint })
  await bench.call('PutLogEvents', batch, { checkpoint })
  expect(await published()).toMatchObject([{ sampleCount: 1 }])
})

test('criteria on system fields leave out whole filters', async () => {
  await put('', {}, { filterName: 'here', fieldSelectionCriteria: '@aws.region = "eu-west-1"' })
  await put('', {}, { filterName: 'there', fieldSelectionCriteria: '@aws.region NOT IN ["eu-west-1"]' })
  await send('x')
  expect(await published()).toHaveLength(1)
})

test('putting the same name replaces the filter; deleting ends it', async () => {
  await put('ERROR')
  await send('ERROR')
  await put('WARN', { metricValue: '10' })
  await send('ERROR', 'WARN')
  await bench.call('DeleteMetricFilter', { logGroupName: 'g', filterName: 'f' })
  await send('WARN')
  expect((await published()).map(({ sum }) => sum)).toEqual([11])
})

test('a filter holds after a restart of the service', async () => {
  await put('ERROR')
  const { PutLogEvents: handler } = bench.restarted().operations
  const logEvents = [{ timestamp: bench.clock.now(), message: 'ERROR' }]
  await handler?.({ logGroupName: 'g', logStreamName: 's', logEvents }, bench.context())
  expect(await published()).toHaveLength(1)
})

test('a group created again has no filters, and the count of filters follows', async () => {
  const count = async () => (await bench.call('DescribeLogGroups', {})).logGroups?.[0]?.metricFilterCount
  expect(await count()).toBe(0)
  await put('a')
  await put('b', {}, { filterName: 'second' })
  await put('c')
  expect(await count()).toBe(2)
  await bench.call('DeleteMetricFilter', { logGroupName: 'g', filterName: 'second' })
  expect(await count()).toBe(1)
  await bench.call('DeleteLogGroup', { logGroupName: 'g' })
  expect((await bench.call('DescribeMetricFilters', {})).metricFilters).toEqual([])
  expect(await bench.records.listAll('logs.metric-filter')).toEqual([])
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  expect(await count()).toBe(0)
  expect(await filters()).toEqual([])
})

test('a group has at most a hundred filters, however many are put at once', async () => {
  const names = Array.from({ length: 98 }, (_, i) => `f${String(i)}`)
  for (const filterName of names) await put('x', {}, { filterName })
  const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map((filterName) => put('x', {}, { filterName })))
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused).toHaveLength(2)
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'LimitExceededException' })
  await put('y', {}, { filterName: 'f0' })
  expect((await bench.call('DescribeLogGroups', {})).logGroups?.[0]?.metricFilterCount).toBe(100)
})

test('a group has at most five filters with a regular expression', async () => {
  for (let i = 0; i < 5; i += 1) await put('%a%', {}, { filterName: `r${String(i)}` })
  await expect(put('{ $.a = %b% }')).rejects.toMatchObject({ code: 'LimitExceededException' })
  await put('"100%"')
  await put('%b%', {}, { filterName: 'r0' })
  expect(await filters()).toHaveLength(6)
})

const invalid = (reason: string) => `Invalid metric transformation: ${reason}`
test.each<{ pattern: string; transformation?: Partial<Transformation>; input?: Partial<Put>; message: string }>([
  { pattern: '{ $.a }', message: 'Invalid metric filter pattern' },
  { pattern: '{ $.a = 1', message: "If a filter pattern starts with '{' it must end with '}'" },
  { pattern: 'a', transformation: { metricValue: 'x' }, message: invalid('metric value x must be a valid number') },
  { pattern: 'a', transformation: { metricValue: '$.x' }, message: invalid('metric value $.x must be a valid number') },
  {
    pattern: '[a]',
    transformation: { metricValue: '$b' },
    message: invalid('metric value $b must be a valid number'),
  },
  {
    pattern: '{ $.a = 1 }',
    transformation: { metricValue: '$.a[*]' },
    message: invalid('metric value $.a[*] must be a valid number'),
  },
  {
    pattern: 'a',
    transformation: { dimensions: { D: '$.x' } },
    message: 'The specified filter pattern does not support dimensions',
  },
  {
    pattern: '{ $.a = 1 }',
    transformation: { dimensions: { D: 'fixed' } },
    message: invalid('dimension value must be valid selector'),
  },
  {
    pattern: '{ $.a = 1 }',
    transformation: { dimensions: { D: '$.a' }, defaultValue: 0 },
    message: invalid('dimensions and default value are mutually exclusive properties'),
  },
  {
    pattern: '{ $.a = 1 }',
    transformation: { dimensions: { A: '$.a', B: '$.a', C: '$.a', D: '$.a' } },
    message: invalid('at most 3 dimensions can be assigned to a metric'),
  },
  {
    pattern: 'a',
    input: { fieldSelectionCriteria: '@aws.zone = "x"' },
    message: expect.stringMatching(/^The fieldSelectionCriteria is invalid\./) as string,
  },
  {
    pattern: 'a',
    input: { emitSystemFieldDimensions: ['@aws.zone'] },
    message: expect.stringMatching(/^There is no system field @aws\.zone\./) as string,
  },
])(
  '$pattern with $transformation is refused and stores nothing',
  async ({ pattern, transformation, input, message }) => {
    await expect(put(pattern, transformation, input)).rejects.toMatchObject({
      code: 'InvalidParameterException',
      status: 400,
      message,
    })
    expect(await filters()).toEqual([])
  },
)

test('the group must be there, and of the class STANDARD', async () => {
  await expect(put('a', {}, { logGroupName: 'none' })).rejects.toThrow('The specified log group does not exist.')
  await bench.call('CreateLogGroup', { logGroupName: 'cold', logGroupClass: 'INFREQUENT_ACCESS' })
  await expect(put('a', {}, { logGroupName: 'cold' })).rejects.toMatchObject({ code: 'InvalidParameterException' })
})

test('without a place for metric points the operation is not offered', () => {
  const { records, journal, clock } = bench
  const tokens = { issue: () => '', read: () => '' }
  const service = logsService({
    records,
    journal,
    clock,
    tokens,
    call: bench.context().call,
    telemetry: silentTelemetry,
  })
  expect(service.operations.PutMetricFilter).toBeUndefined()
  expect(Object.keys(service.access).toSorted()).toEqual(Object.keys(service.operations).toSorted())
})
