import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AlarmBench, openAlarmBench } from '../../../../../testkit/src/alarm-bench.ts'
import { MINUTE_NOW } from '../../../../../testkit/src/cloudwatch-bench.ts'
import { MAX_ALARMS } from '#services/cloudwatch/limits.ts'
import type { CloudwatchInput } from '#services/cloudwatch/types.ts'
import { faultOf } from '#services/iam/test-bench.ts'

type Given = Partial<CloudwatchInput<'PutMetricAlarm'>>

let bench: AlarmBench
beforeEach(async () => {
  bench = await openAlarmBench()
})
afterEach(() => bench.close())

test('an alarm is answered as it was put, with what AWS adds', async () => {
  await bench.alarm({
    AlarmDescription: 'what & why',
    Dimensions: [{ Name: 'Queue', Value: 'orders' }],
    OKActions: ['arn:aws:sns:us-east-1:111122223333:ops'],
    Unit: 'Count',
    Tags: [{ Key: 'team', Value: 'shop' }],
  })
  expect(await bench.alarmNamed()).toEqual({
    AlarmName: 'busy',
    AlarmArn: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:busy',
    AlarmDescription: 'what & why',
    AlarmConfigurationUpdatedTimestamp: MINUTE_NOW,
    ActionsEnabled: true,
    OKActions: ['arn:aws:sns:us-east-1:111122223333:ops'],
    AlarmActions: [],
    InsufficientDataActions: [],
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Unchecked: Initial alarm creation',
    StateUpdatedTimestamp: MINUTE_NOW,
    StateTransitionedTimestamp: MINUTE_NOW,
    MetricName: 'Orders',
    Namespace: 'Shop',
    Statistic: 'Sum',
    Dimensions: [{ Name: 'Queue', Value: 'orders' }],
    Period: 60,
    Unit: 'Count',
    EvaluationPeriods: 1,
    Threshold: 10,
    ComparisonOperator: 'GreaterThanThreshold',
  })
})

test('other settings replace all of the earlier ones, but neither state nor tags', async () => {
  await bench.alarm({ AlarmDescription: 'first', TreatMissingData: 'breaching', Tags: [{ Key: 'a', Value: '1' }] })
  await bench.minute(11)
  await bench.alarm({ Threshold: 0.5, Tags: [{ Key: 'b', Value: '2' }] })
  const alarm = await bench.alarmNamed()
  expect(alarm).toMatchObject({ StateValue: 'ALARM', Threshold: 0.5 })
  expect(alarm).not.toHaveProperty('AlarmDescription')
  expect(alarm).not.toHaveProperty('TreatMissingData')
  expect(await bench.call('ListTagsForResource', { ResourceARN: alarm.AlarmArn ?? '' })).toEqual({
    Tags: [{ Key: 'a', Value: '1' }],
  })
})

const query = (Id: string, Period = 60, ReturnData = true) => ({
  Id,
  ReturnData,
  MetricStat: { Metric: { Namespace: 'Shop', MetricName: Id }, Period, Stat: 'Sum' },
})
const queries = (...Metrics: NonNullable<Given['Metrics']>): Given => ({
  Metrics,
  MetricName: undefined,
  Namespace: undefined,
  Statistic: undefined,
  Period: undefined,
})

test.each<[string, Given, string]>([
  ['a name with a line break', { AlarmName: 'a\nb' }, 'InvalidParameterValue'],
  ['no metric', { MetricName: undefined }, 'MissingParameter 400 The parameter MetricName is required.'],
  ['no namespace', { Namespace: undefined }, 'MissingParameter 400 The parameter Namespace is required.'],
  ['no period', { Period: undefined }, 'MissingParameter 400 The parameter Period is required.'],
  ['no threshold', { Threshold: undefined }, 'MissingParameter 400 The parameter Threshold is required.'],
  ['no number of periods', { EvaluationPeriods: undefined }, 'MissingParameter'],
  ['no comparison', { ComparisonOperator: undefined }, 'MissingParameter'],
  ['no statistic', { Statistic: undefined }, 'MissingParameter 400 Must specify either Statistic or ExtendedStatistic'],
  ['two statistics', { ExtendedStatistic: 'p90' }, 'InvalidParameterCombination 400 The parameters Statistic and '],
  ['an extended statistic that is none', { Statistic: undefined, ExtendedStatistic: 'p101' }, 'InvalidParameterValue'],
  ['a simple one as extended', { Statistic: undefined, ExtendedStatistic: 'Sum' }, 'InvalidParameterValue'],
  ['a threshold that is no number', { Threshold: NaN }, 'InvalidParameterValue'],
  ['a period of 90 seconds', { Period: 90 }, 'The parameter Period must be 10, 20, 30 or a multiple of 60.'],
  [
    'more than a day of minutes',
    { EvaluationPeriods: 1_441 },
    'ValidationError 400 Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).',
  ],
  ['more than a week of hours', { Period: 3_600, EvaluationPeriods: 169 }, 'across more than a week'],
  ['more breaches than datapoints', { EvaluationPeriods: 2, DatapointsToAlarm: 3 }, 'DatapointsToAlarm must be less'],
  ['a treatment that is none', { TreatMissingData: 'Breaching' }, 'The value Breaching for parameter TreatMissingData'],
  ['few samples of an average', { EvaluateLowSampleCountPercentile: 'ignore' }, 'InvalidParameterCombination'],
  ['an action that is none', { OKActions: ['mail'] }, 'ValidationError 400 Invalid arn syntax: mail'],
  [
    'a topic elsewhere',
    { AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:ops'] },
    'ValidationError 400 Invalid region eu-west-1 specified. Only us-east-1 is supported.',
  ],
  ['a dimension twice', { Dimensions: [1, 2].map(() => ({ Name: 'a', Value: 'b' })) }, 'The parameter Dimensions has'],
  ['a tag of AWS', { Tags: [{ Key: 'aws:x', Value: '' }] }, 'Tag keys cannot begin with aws:'],
  ['an anomaly band', { ThresholdMetricId: 'e1' }, 'NotImplemented 501 An alarm on an anomaly detection band'],
  ['one by its comparison', { ComparisonOperator: 'GreaterThanUpperThreshold' }, 'NotImplemented 501'],
  ['a PromQL query', { EvaluationInterval: 60 }, 'NotImplemented 501 An alarm on a PromQL query'],
  ['a metric beside queries', { Metrics: [query('m1')] }, 'InvalidParameterCombination'],
  [
    'two queries that return',
    queries(query('m1'), query('m2')),
    'Exactly one element of the metrics list should return',
  ],
  ['none that returns', queries(query('m1', 60, false)), 'Exactly one element of the metrics list should return'],
  ['queries of several periods', queries(query('m1'), query('m2', 300, false)), 'the same period'],
  ['an expression on nothing', queries({ Id: 'e1', Expression: '1 + 1' }), 'at least one metric'],
  ['an expression that is none', queries(query('m1', 60, false), { Id: 'e1', Expression: 'm1 +' }), "expression 'e1'"],
  [
    'one of a query that is none',
    queries(query('m1', 60, false), { Id: 'e1', Expression: 'm1 + m2' }),
    'Undefined variable',
  ],
  [
    'one that gives a number',
    queries(query('m1', 60, false), { Id: 'e1', Expression: 'AVG(m1)' }),
    'must be a time series',
  ],
  ['one that gives several', queries(query('m1', 60, false), { Id: 'e1', Expression: '[m1, m1]' }), 'one time series'],
  [
    'one with a function that is not built',
    queries(query('m1', 60, false), { Id: 'e1', Expression: 'ANOMALY_DETECTION_BAND(m1, 2)' }),
    'NotImplemented 501 The function ANOMALY_DETECTION_BAND',
  ],
  ['Metrics Insights', queries({ Id: 'e1', Expression: 'SELECT AVG(a) FROM b' }), 'NotImplemented 501'],
])('%s is refused, and there is no alarm', async (_name, changes, fault) => {
  expect(await faultOf(() => bench.alarm(changes))).toContain(fault)
  expect((await bench.call('DescribeAlarms', {})).MetricAlarms).toEqual([])
})

test.each([
  'arn:aws:sns:us-east-1:111122223333:ops.fifo',
  'arn:aws:lambda:us-east-1:111122223333:function:page:live',
  'arn:aws:automate:us-east-1:ec2:recover',
  'arn:aws:autoscaling:us-east-1:111122223333:scalingPolicy:a-b:autoScalingGroupName/g:policyName/p',
  'arn:aws:ssm:us-east-1:111122223333:opsitem:2#CATEGORY=Availability',
  'arn:aws:ssm-incidents::111122223333:response-plan/page',
  'arn:aws:swf:us-east-1:111122223333:action/actions/AWS_EC2.InstanceId.Stop/1.0',
  'arn:aws:aiops:us-east-1:111122223333:investigation-group:g1',
])('%s is an action', async (action) => {
  await bench.alarm({ InsufficientDataActions: [action] })
  expect((await bench.alarmNamed()).InsufficientDataActions).toEqual([action])
})

test('one alarm too many is refused; others can be changed, and one that is deleted makes room', async () => {
  const [{ revision: _revision, key, value } = expect.fail()] = await storedAlarms()
  const stored = Array.from({ length: MAX_ALARMS - 1 }, (_, index) => ({ ...key, id: `m${String(index)}` }))
  await bench.records.commit(stored.map((each) => ({ kind: 'put', key: each, value })))
  expect(await faultOf(() => bench.alarm({ AlarmName: 'more' }))).toBe(
    'LimitExceeded 400 The quota for alarms for this customer has already been reached.',
  )
  await bench.alarm({ Threshold: 5 })
  await bench.call('DeleteAlarms', { AlarmNames: ['m1', 'm1'] })
  // However many come at once, the one place is given once; what is refused takes none.
  const wrong = bench.alarm({ AlarmName: 'wrong', Period: 7 })
  const many = ['more', 'other', 'third'].map((AlarmName) => bench.alarm({ AlarmName }))
  const outcomes = await Promise.allSettled([wrong, ...many])
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await faultOf(() => bench.alarm({ AlarmName: 'even more' }))).toContain('LimitExceeded')
})

async function storedAlarms() {
  const other = await openAlarmBench()
  await other.alarm()
  const stored = await other.records.listAll('cloudwatch.alarm')
  await other.close()
  await bench.records.commit(stored.map(({ key, value }) => ({ kind: 'put', key, value })))
  return stored
}
