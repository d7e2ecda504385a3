import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AlarmBench, openAlarmBench } from '../../../../../testkit/src/alarm-bench.ts'
import { DAY } from '../../../../../testkit/src/cloudwatch-bench.ts'
import { MAX_HISTORY_ITEMS } from '#services/cloudwatch/alarms/history.ts'
import type { CloudwatchInput } from '#services/cloudwatch/types.ts'
import { faultOf } from '#services/iam/test-bench.ts'

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:ops'
const ARN = 'arn:aws:cloudwatch:us-east-1:111122223333:alarm'

let bench: AlarmBench
beforeEach(async () => {
  bench = await openAlarmBench()
  await bench.alarm({ AlarmName: 'b-hot', Threshold: 1 })
  await bench.alarm({ AlarmName: 'a-cold', OKActions: [TOPIC], Dimensions: [{ Name: 'Queue', Value: 'q' }] })
  await bench.alarm({ AlarmName: 'b-cool', Statistic: undefined, ExtendedStatistic: 'p90', Period: 300 })
  await bench.minute(5)
})
afterEach(() => bench.close())

const names = async (input: CloudwatchInput<'DescribeAlarms'>) =>
  (await bench.call('DescribeAlarms', input)).MetricAlarms?.map(({ AlarmName }) => AlarmName)

test.each<[string, CloudwatchInput<'DescribeAlarms'>, readonly string[]]>([
  ['all, by name', {}, ['a-cold', 'b-cool', 'b-hot']],
  ['by names, those that there are', { AlarmNames: ['b-hot', 'none', 'a-cold', 'b-hot'] }, ['a-cold', 'b-hot']],
  ['by the beginning of a name', { AlarmNamePrefix: 'b-' }, ['b-cool', 'b-hot']],
  ['by state', { StateValue: 'ALARM' }, ['b-hot']],
  ['by the beginning of an action', { ActionPrefix: 'arn:aws:sns' }, ['a-cold']],
  ['those of a type', { AlarmTypes: ['CompositeAlarm'] }, []],
  ['children of an alarm that has none', { ChildrenOfAlarmName: 'b-hot' }, []],
  ['with a name that no alarm can have', { AlarmNames: ['a\0b'], StateValue: 'OK' }, []],
])('%s', async (_name, input, expected) => {
  expect(await names(input)).toEqual(expected)
})

test.each<[CloudwatchInput<'DescribeAlarms'>]>([
  [{}],
  [{ AlarmNamePrefix: 'b-' }],
  [{ AlarmNames: ['b-hot', 'b-cool', 'a-cold'] }],
])('pages of %j hold each alarm once', async (input) => {
  const found: (string | undefined)[] = []
  let NextToken: string | undefined
  do {
    const page = await bench.call('DescribeAlarms', { ...input, MaxRecords: 1, NextToken })
    expect(page.MetricAlarms).toHaveLength(1)
    found.push(page.MetricAlarms?.[0]?.AlarmName)
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  expect(found).toEqual(await names(input))
})

test('what cannot be asked is refused', async () => {
  expect(await faultOf(() => names({ AlarmNames: ['a'], AlarmNamePrefix: 'a' }))).toContain(
    'InvalidParameterCombination',
  )
  expect(await faultOf(() => names({ NextToken: 'x' }))).toContain('InvalidNextToken')
})

test.each<[string, Partial<CloudwatchInput<'DescribeAlarmsForMetric'>>, readonly string[]]>([
  ['without dimensions', {}, ['b-cool', 'b-hot']],
  ['with its dimensions', { Dimensions: [{ Name: 'Queue', Value: 'q' }] }, ['a-cold']],
  ['by statistic', { Statistic: 'Sum' }, ['b-hot']],
  ['by extended statistic', { ExtendedStatistic: 'p90' }, ['b-cool']],
  ['by period', { Period: 300 }, ['b-cool']],
  ['of another namespace', { Namespace: 'Mine' }, []],
])('alarms of a metric: %s', async (_name, input, expected) => {
  const asked = { Namespace: 'Shop', MetricName: 'Orders', ...input }
  const { MetricAlarms } = await bench.call('DescribeAlarmsForMetric', asked)
  expect(MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(expected)
})

test('deleted alarms are gone, whatever else was named; their history stays for thirty days', async () => {
  const before = await bench.history('b-hot')
  await bench.call('DeleteAlarms', { AlarmNames: ['none', 'b-hot', 'a-cold'] })
  expect(await names({})).toEqual(['b-cool'])
  const [deleted, ...earlier] = await bench.history('b-hot')
  expect([deleted?.HistorySummary, earlier]).toEqual(['Alarm "b-hot" deleted', before])
  await bench.alarm({ AlarmName: 'a-cold' })
  expect(await bench.history('a-cold')).toHaveLength(3)
  bench.clock.at += 30 * DAY + 1
  expect(await bench.history('b-hot')).toEqual([])
  await bench.sweep()
  const left = await bench.records.listAll('cloudwatch.alarm-history')
  expect(left.map(({ key }) => key.id.split('\u0001')[0]).filter((name) => name === 'b-hot')).toEqual([])
  expect(left.filter(({ key }) => key.id.startsWith('a-cold'))).toHaveLength(3)
  expect(await bench.records.listAll('cloudwatch.deleted-alarm')).toEqual([])
})

test('of an alarm no more than so many items are kept, the newest', async () => {
  await bench.call('DeleteAlarms', { AlarmNames: ['a-cold', 'b-cool'] })
  const [stored = expect.fail()] = await bench.records.listAll<{ readonly historyCount: number }>('cloudwatch.alarm')
  const value = { ...stored.value, historyCount: MAX_HISTORY_ITEMS - 1 }
  await bench.records.commit([{ kind: 'put', key: stored.key, value }])
  for (const StateValue of ['OK', 'ALARM', 'OK'] as const) {
    bench.clock.at += 1
    await bench.call('SetAlarmState', { AlarmName: 'b-hot', StateValue, StateReason: 'drill' })
  }
  const items = await bench.history('b-hot')
  // The first two were of creation and of the first change; both have made room.
  expect(items.map(({ HistorySummary }) => HistorySummary)).toEqual([
    'Alarm updated from ALARM to OK',
    'Alarm updated from OK to ALARM',
    'Alarm updated from ALARM to OK',
  ])
})

test('history is paged in its order, of one alarm or of all, and narrowed by type and time', async () => {
  const all = await bench.call('DescribeAlarmHistory', {})
  expect(all.AlarmHistoryItems).toHaveLength(5)
  const found: unknown[] = []
  let NextToken: string | undefined
  do {
    const page = await bench.call('DescribeAlarmHistory', { MaxRecords: 1, NextToken, ScanBy: 'TimestampAscending' })
    found.push(...(page.AlarmHistoryItems ?? []))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  expect(found).toEqual(all.AlarmHistoryItems?.toReversed())
  const ofType = await bench.call('DescribeAlarmHistory', { HistoryItemType: 'StateUpdate', AlarmName: 'b-hot' })
  const [change, ...others] = ofType.AlarmHistoryItems ?? []
  expect(others).toEqual([])
  expect(change).toMatchObject({ AlarmName: 'b-hot', AlarmType: 'MetricAlarm', Timestamp: bench.clock.at })
  expect(JSON.parse(change?.HistoryData ?? '')).toMatchObject({
    version: '1.0',
    oldState: { stateValue: 'INSUFFICIENT_DATA', stateReason: 'Unchecked: Initial alarm creation' },
    newState: { stateValue: 'ALARM', stateReasonData: { recentDatapoints: [5] } },
  })
  const later = await bench.call('DescribeAlarmHistory', { StartDate: bench.clock.at, EndDate: bench.clock.at })
  expect(later.AlarmHistoryItems?.map(({ HistoryItemType }) => HistoryItemType)).toEqual(['StateUpdate', 'StateUpdate'])
  const backwards = { StartDate: 2, EndDate: 1 }
  expect(await faultOf(() => bench.call('DescribeAlarmHistory', backwards))).toContain('InvalidParameterValue')
})

test('a state that was set holds until the alarm is evaluated next', async () => {
  const set = { AlarmName: 'b-hot', StateValue: 'OK', StateReason: 'drill', StateReasonData: '{"by":"hand"}' } as const
  await bench.call('SetAlarmState', set)
  await bench.evaluator.run()
  expect(await bench.alarmNamed('b-hot')).toMatchObject({ ...set, StateUpdatedTimestamp: bench.clock.at })
  await bench.minute(5)
  expect(await bench.state('b-hot')).toBe('ALARM')
})

test('a state is set of alarms that there are, with data that are JSON', async () => {
  const set = { AlarmName: 'none', StateValue: 'OK', StateReason: 'drill' } as const
  expect(await faultOf(() => bench.call('SetAlarmState', set))).toContain('ResourceNotFound 404')
  const wrong = { ...set, AlarmName: 'b-hot', StateReasonData: '{' }
  expect(await faultOf(() => bench.call('SetAlarmState', wrong))).toContain('InvalidFormat 400')
})

test('tags join, replace and go, on alarms that there are', async () => {
  const ResourceARN = `${ARN}:b-hot`
  const tags = async () => (await bench.call('ListTagsForResource', { ResourceARN })).Tags
  await bench.call('TagResource', {
    ResourceARN,
    Tags: [1, 2].map((each) => ({ Key: `k${String(each)}`, Value: 'v' })),
  })
  await bench.call('TagResource', { ResourceARN, Tags: [{ Key: 'k1', Value: 'w' }] })
  expect(await tags()).toEqual([
    { Key: 'k2', Value: 'v' },
    { Key: 'k1', Value: 'w' },
  ])
  await bench.call('UntagResource', { ResourceARN, TagKeys: ['k2', 'none'] })
  expect(await tags()).toEqual([{ Key: 'k1', Value: 'w' }])
  const many = Array.from({ length: 50 }, (_, index) => ({ Key: `n${String(index)}`, Value: '' }))
  expect(await faultOf(() => bench.call('TagResource', { ResourceARN, Tags: many }))).toContain('InvalidParameterValue')
  for (const [arn, fault] of [
    [`${ARN}:none`, 'ResourceNotFoundException 404'],
    [`${ARN.replace('111122223333', '444455556666')}:b-hot`, 'ResourceNotFoundException 404'],
    ['arn:aws:cloudwatch::111122223333:dashboard/d', 'ResourceNotFoundException 404'],
    ['b-hot', 'InvalidParameterValue'],
  ] as const)
    expect(await faultOf(() => bench.call('ListTagsForResource', { ResourceARN: arn }))).toContain(fault)
})
