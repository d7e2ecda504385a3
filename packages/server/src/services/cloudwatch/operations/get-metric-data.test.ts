import { beforeEach, expect, test } from 'vitest'
import {
  type CloudwatchBench,
  MINUTE,
  MINUTE_NOW,
  openCloudwatchBench,
} from '../../../../../testkit/src/cloudwatch-bench.ts'
import type { CloudwatchInput, CloudwatchOutput } from '#services/cloudwatch/types.ts'
import { faultOf } from '#services/iam/test-bench.ts'

type Input = CloudwatchInput<'GetMetricData'>
type Query = Input['MetricDataQueries'][number]
const START = MINUTE_NOW - 10 * MINUTE

let bench: CloudwatchBench
beforeEach(async () => {
  bench = openCloudwatchBench()
  for (const minute of [0, 1, 3]) {
    await bench.put({ Value: 10 * (minute + 1), Timestamp: START + minute * MINUTE })
    await bench.put({ MetricName: 'Errors', Value: minute, Timestamp: START + minute * MINUTE })
  }
})
const stat = (MetricName: string, Stat = 'Sum', Period = 60): Query['MetricStat'] => ({
  Metric: { Namespace: 'Shop', MetricName },
  Period,
  Stat,
})
const orders: Query = { Id: 'm1', MetricStat: stat('Orders') }
const errors: Query = { Id: 'm2', MetricStat: stat('Errors') }
const ask = (MetricDataQueries: readonly Query[], input: Partial<Input> = {}) =>
  bench.call('GetMetricData', { StartTime: START, EndTime: MINUTE_NOW, MetricDataQueries, ...input })
const shown = ({ MetricDataResults = [] }: CloudwatchOutput<'GetMetricData'>) =>
  MetricDataResults.map(({ Id, Timestamps = [], Values = [] }) => [
    Id,
    ...Timestamps.map((at, index) => [(at - START) / MINUTE, Values[index]]),
  ])
const results = async (queries: readonly Query[], input: Partial<Input> = {}) => shown(await ask(queries, input))

test('a metric is answered newest first, complete, under its name', async () => {
  expect(await ask([orders])).toEqual({
    MetricDataResults: [
      {
        Id: 'm1',
        Label: 'Orders',
        Timestamps: [START + 3 * MINUTE, START + MINUTE, START],
        Values: [40, 20, 10],
        StatusCode: 'Complete',
      },
    ],
    Messages: [],
  })
  expect(await results([orders], { ScanBy: 'TimestampAscending' })).toEqual([['m1', [0, 10], [1, 20], [3, 40]]])
})

test('a metric that nobody reported is an empty result', async () => {
  expect(await results([{ Id: 'x', MetricStat: stat('None') }])).toEqual([['x']])
})

test('expressions take other queries, those that are not returned among them, in any order', async () => {
  const queries = [
    { Id: 'e2', Expression: 'e1 * 2', Label: 'twice' },
    { Id: 'e1', Expression: '100 * m2 / m1', ReturnData: false },
    { ...orders, ReturnData: false },
    errors,
  ]
  const output = await ask(queries)
  expect(shown(output)).toEqual([
    ['e2', [3, 15], [1, 10], [0, 0]],
    ['m2', [3, 3], [1, 1], [0, 0]],
  ])
  expect(output.MetricDataResults?.map(({ Label }) => Label)).toEqual(['twice', 'Errors'])
})

test('an expression without a label has its id for one; an array keeps the labels of its metrics', async () => {
  const labels = async (Expression: string) =>
    (
      await ask([
        { Id: 'e1', Expression },
        { ...orders, ReturnData: false },
        { ...errors, ReturnData: false },
      ])
    ).MetricDataResults?.map(({ Id, Label }) => [Id, Label])
  expect(await labels('SUM(METRICS())')).toEqual([['e1', 'e1']])
  expect(await labels('METRICS() * 2')).toEqual([
    ['e1', 'Orders'],
    ['e1', 'Errors'],
  ])
})

test('FILL goes over the time of the call', async () => {
  const fill = await results(
    [
      { Id: 'e1', Expression: 'FILL(m1, 0)' },
      { ...orders, ReturnData: false },
    ],
    {
      ScanBy: 'TimestampAscending',
      StartTime: START + 30_000,
      EndTime: START + 5 * MINUTE,
    },
  )
  expect(fill).toEqual([['e1', [0, 10], [1, 20], [2, 0], [3, 40], [4, 0]]])
})

test('percentiles come from values and counts, and all units are taken together', async () => {
  await bench.put({ MetricName: 'L', Values: [1, 2, 9], Counts: [1, 1, 1], Timestamp: START, Unit: 'Seconds' })
  await bench.put({ MetricName: 'L', Value: 5, Timestamp: START })
  const one = (Stat: string, Unit?: 'Seconds') =>
    results([{ Id: 'm', MetricStat: { ...stat('L', Stat), ...(Unit && { Unit }) } as never }])
  expect([await one('p50'), await one('p75'), await one('Sum'), await one('Sum', 'Seconds')]).toEqual([
    [['m', [0, 2]]],
    [['m', [0, 5]]],
    [['m', [0, 17]]],
    [['m', [0, 12]]],
  ])
})

test('labels say what their dynamic parts stand for', async () => {
  const labelled = async (Label: string, input: Partial<Input> = {}) =>
    (await ask([{ ...orders, Label }], input)).MetricDataResults?.[0]?.Label
  expect(await labelled('${LABEL} max ${MAX} min ${MIN} last ${LAST} sum ${SUM}')).toBe(
    'Orders max 40 min 10 last 40 sum 70',
  )
  expect(await labelled("${PROP('Namespace')}/${PROP('Stat')}/${PROP('Period')}/${PROP('Region')}")).toBe(
    'Shop/Sum/60/us-east-1',
  )
  expect(await labelled("${NONE} ${PROP('toString')}")).toBe("${NONE} ${PROP('toString')}")
  expect(await labelled('${MAX_TIME}', { LabelOptions: { Timezone: '+0130' } })).toBe('2026-11-21 12:39:00')
})

test('pages hold as many datapoints as were asked for, and together they hold each once', async () => {
  const queries = [orders, errors, { Id: 'e1', Expression: 'METRICS()' }]
  const whole = await results(queries)
  const read: unknown[][] = []
  let NextToken: string | undefined
  let pages = 0
  do {
    const output = await ask(queries, { MaxDatapoints: 2, ...(NextToken === undefined ? {} : { NextToken }) })
    const points = shown(output).reduce((sum, result) => sum + result.length - 1, 0)
    expect(points).toBeLessThanOrEqual(2)
    for (const [index, [id, ...more]] of shown(output).entries()) {
      const open = index === 0 && pages > 0 && read.at(-1)?.[0] === id && (read.at(-1)?.length ?? 0) < 4
      if (open) read.at(-1)?.push(...more)
      else read.push([id, ...more])
    }
    expect(output.MetricDataResults?.map(({ StatusCode }) => StatusCode).slice(0, -1)).not.toContain('PartialData')
    NextToken = output.NextToken
    pages += 1
  } while (NextToken !== undefined)
  expect(read).toEqual(whole)
  expect(pages).toBe(6)
})

test('a token is good for the same queries only', async () => {
  const { NextToken, MetricDataResults } = await ask([orders], { MaxDatapoints: 1 })
  expect(MetricDataResults).toMatchObject([{ Values: [40], StatusCode: 'PartialData' }])
  expect(await results([orders], { NextToken })).toEqual([['m1', [1, 20], [0, 10]]])
  expect(await faultOf(() => ask([errors], { NextToken }))).toMatch(/^InvalidNextToken 400 /)
})

test('five hundred metrics are read in parts', async () => {
  const queries = Array.from({ length: 500 }, (_, index) => ({ ...orders, Id: `m${String(index)}` }))
  const found = await results(queries)
  expect(found).toHaveLength(500)
  expect(found[499]).toEqual(['m499', [3, 40], [1, 20], [0, 10]])
  expect(await faultOf(() => ask([...queries, errors, orders]))).toContain('must not have a size greater than 500')
})

const says = (text: string) => `ValidationError 400 ${text}`
test.each([
  {
    name: 'a start after the end',
    queries: [orders],
    input: { EndTime: START },
    want: says('The parameter StartTime must be'),
  },
  { name: 'no query', queries: [], want: says('The parameter MetricDataQueries is required.') },
  {
    name: 'a bad id',
    queries: [{ ...orders, Id: 'M1' }],
    want: says('The value M1 for parameter MetricDataQueries.member.1.Id'),
  },
  {
    name: 'an id twice',
    queries: [orders, orders],
    want: says('The values for parameter Id in MetricDataQueries are not unique.'),
  },
  {
    name: 'nothing to return',
    queries: [{ ...orders, ReturnData: false }],
    want: says('At least one of the MetricDataQueries'),
  },
  { name: 'both kinds', queries: [{ ...orders, Expression: '1' }], want: says('Exactly one of the parameters') },
  { name: 'neither kind', queries: [{ Id: 'a' }], want: says('Exactly one of the parameters') },
  {
    name: 'a bad statistic',
    queries: [{ Id: 'a', MetricStat: stat('Orders', 'Median') }],
    want: 'InvalidParameterValue 400 The value Median',
  },
  {
    name: 'a bad period',
    queries: [{ Id: 'a', MetricStat: stat('Orders', 'Sum', 7) }],
    want: 'InvalidParameterValue 400 ',
  },
  {
    name: 'no namespace',
    queries: [{ Id: 'a', MetricStat: { ...stat('x'), Metric: { MetricName: 'x' } } as never }],
    want: 'MissingParameter 400 ',
  },
  {
    name: 'a bad expression',
    queries: [{ Id: 'e', Expression: '1 +' }],
    want: says("Error in expression 'e' [Unexpected end"),
  },
  { name: 'a number as result', queries: [{ Id: 'e', Expression: '1' }], want: says("Error in expression 'e' [") },
  {
    name: 'an unknown id',
    queries: [{ Id: 'e', Expression: 'm9 + 1' }],
    want: says("Error in expression 'e' [Undefined variable: m9]"),
  },
  {
    name: 'an expression that needs itself',
    queries: [
      { Id: 'e1', Expression: 'e2' },
      { Id: 'e2', Expression: 'e1' },
    ],
    want: says("Error in expression 'e1' [Circular reference"),
  },
  {
    name: 'Metrics Insights',
    queries: [{ Id: 'e', Expression: 'SELECT AVG(x) FROM y' }],
    want: 'NotImplemented 501 Metrics Insights',
  },
  { name: 'another account', queries: [{ ...orders, AccountId: '444455556666' }], want: 'NotImplemented 501 ' },
  {
    name: 'too large a page',
    queries: [orders],
    input: { MaxDatapoints: 100_801 },
    want: 'InvalidParameterValue 400 ',
  },
  {
    name: 'a bad time zone',
    queries: [orders],
    input: { LabelOptions: { Timezone: 'UTC' } },
    want: 'InvalidParameterValue 400 ',
  },
])('$name is refused', async ({ queries, input, want }) => {
  expect(await faultOf(() => ask(queries as readonly Query[], input as Partial<Input> | undefined))).toContain(want)
})
