import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AlarmBench, openAlarmBench } from '../../../../../testkit/src/alarm-bench.ts'
import { HOUR, MINUTE, MINUTE_NOW } from '../../../../../testkit/src/cloudwatch-bench.ts'
import { AwsError } from '#kernel/errors.ts'

let bench: AlarmBench
beforeEach(async () => {
  bench = await openAlarmBench()
})
afterEach(() => bench.close())

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:ops'
const summaries = async (): Promise<readonly (string | undefined)[]> =>
  (await bench.history()).map(({ HistorySummary }) => HistorySummary)

test('an alarm goes where its metric sends it, and says why', async () => {
  await bench.alarm()
  expect(await bench.alarmNamed()).toMatchObject({
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Unchecked: Initial alarm creation',
  })
  await bench.minute(11)
  const alarm = await bench.alarmNamed()
  expect(alarm).toMatchObject({
    StateValue: 'ALARM',
    StateReason: 'Threshold Crossed: 1 datapoint [11.0 (21/11/26 11:16:00)] was greater than the threshold (10.0).',
    StateUpdatedTimestamp: bench.clock.at,
    StateTransitionedTimestamp: bench.clock.at,
    AlarmConfigurationUpdatedTimestamp: MINUTE_NOW,
  })
  expect(JSON.parse(alarm.StateReasonData ?? '')).toMatchObject({ recentDatapoints: [11], statistic: 'Sum' })
  await bench.minute(12)
  expect(await bench.alarmNamed()).toEqual(alarm)
  await bench.minute(10)
  expect(await bench.state()).toBe('OK')
  expect(await summaries()).toEqual([
    'Alarm updated from ALARM to OK',
    'Alarm updated from INSUFFICIENT_DATA to ALARM',
    'Alarm "busy" created',
  ])
})

test('it takes M breaches of N', async () => {
  await bench.alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2 })
  for (const value of [1, 11, 2]) await bench.minute(value)
  expect(await bench.state()).toBe('OK')
  await bench.minute(12)
  expect(await bench.state()).toBe('ALARM')
})

test.each([
  { treatment: 'missing', state: 'INSUFFICIENT_DATA', reason: 'Insufficient Data: 1 datapoint was unknown.' },
  { treatment: 'ignore', state: 'OK', reason: 'was not greater than' },
  { treatment: 'breaching', state: 'ALARM', reason: 'treated as [Breaching].' },
  { treatment: 'notBreaching', state: 'OK', reason: 'was not greater than' },
])('once a metric is silent for longer than datapoints may be late: $treatment', async (given) => {
  await bench.alarm({ TreatMissingData: given.treatment })
  await bench.minute(1)
  for (let minutes = 0; minutes < 2; minutes += 1) await bench.minute()
  expect(await bench.state()).toBe('OK')
  await bench.minute()
  const { StateValue, StateReason } = await bench.alarmNamed()
  expect(StateValue).toBe(given.state)
  expect(StateReason).toContain(given.reason)
})

test('a percentile is judged by its samples, and not at all by too few where the alarm says so', async () => {
  const tail = { Statistic: undefined, ExtendedStatistic: 'p90', Threshold: 100 }
  await bench.alarm(tail)
  await bench.alarm({ ...tail, AlarmName: 'careful', EvaluateLowSampleCountPercentile: 'ignore' })
  await bench.put({ Values: [1, 500], Counts: [8, 2] })
  await bench.minute()
  expect([await bench.state(), await bench.state('careful')]).toEqual(['ALARM', 'INSUFFICIENT_DATA'])
  await bench.put({ Values: [1, 500], Counts: [80, 20], Timestamp: bench.clock.at })
  await bench.minute()
  expect(await bench.state('careful')).toBe('ALARM')
})

test('an expression over several metrics is judged like a metric', async () => {
  const metric = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'Shop', MetricName }, Period: 60, Stat: 'Sum' },
  })
  const Metrics = [metric('m1', 'Orders'), metric('m2', 'Errors'), { Id: 'e1', Expression: '100 * m2 / m1' }]
  const none = { Namespace: undefined, MetricName: undefined, Statistic: undefined, Period: undefined }
  await bench.alarm({ ...none, Metrics, Threshold: 50 })
  await bench.put({ MetricName: 'Errors', Value: 6 })
  await bench.minute(10)
  expect(await bench.alarmNamed()).toMatchObject({ StateValue: 'ALARM', Metrics })
  expect((await bench.alarmNamed()).StateReason).toContain('[60.0 (')
  expect(await bench.alarmNamed()).not.toHaveProperty('Dimensions')
})

test('an alarm that cannot be worked out says so, keeps its state, and is well again once it is mended', async () => {
  const metric = (Id: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Orders' }, Period: 60, Stat: 'Sum' },
  })
  const none = { Namespace: undefined, MetricName: undefined, Statistic: undefined, Period: undefined }
  const on = (Expression: string) => ({ ...none, Metrics: [metric('m1'), metric('m2'), { Id: 'e1', Expression }] })
  // What comes of it is known only when there are datapoints, or none.
  await bench.alarm(on('FIRST(REMOVE_EMPTY(METRICS()))'))
  await bench.alarm({ AlarmName: 'sound', TreatMissingData: 'breaching' })
  await bench.minute()
  expect(await bench.alarmNamed()).toMatchObject({
    StateValue: 'INSUFFICIENT_DATA',
    EvaluationState: 'EVALUATION_ERROR',
    StateReason: "Error in expression 'e1' [FIRST has no time series to choose from]",
  })
  expect(await bench.state('sound')).toBe('ALARM')
  await bench.minute(11)
  expect(await bench.alarmNamed()).toMatchObject({ StateValue: 'ALARM' })
  expect(await bench.alarmNamed()).not.toHaveProperty('EvaluationState')
})

test('a metric is read once for all alarms on it, over the longest time that one of them looks back', async () => {
  await bench.alarm()
  await bench.alarm({ AlarmName: 'high', Threshold: 1_000, Statistic: 'Maximum' })
  await bench.alarm({ AlarmName: 'long', EvaluationPeriods: 10 })
  await bench.alarm({ AlarmName: 'tail', Statistic: undefined, ExtendedStatistic: 'p99' })
  await bench.alarm({ AlarmName: 'other', MetricName: 'Errors' })
  await bench.minute(11)
  expect(bench.reads.map((queries) => queries.map(({ metricName }) => metricName))).toEqual([['Errors', 'Orders']])
  const [[, orders] = []] = bench.reads
  expect(orders).toMatchObject({ from: MINUTE_NOW + MINUTE - 12 * MINUTE, to: MINUTE_NOW + MINUTE, distribution: true })
  expect(await Promise.all(['busy', 'high', 'long', 'tail', 'other'].map((name) => bench.state(name)))).toEqual([
    'ALARM',
    'OK',
    'INSUFFICIENT_DATA',
    'ALARM',
    'INSUFFICIENT_DATA',
  ])
})

test('however many alarms there are, few are judged at once, and a metric is still read once', async () => {
  for (let index = 0; index < 150; index += 1) {
    const MetricName = `m${String(index % 50)}`
    await bench.alarm({ AlarmName: `a${String(index)}`, MetricName })
  }
  await bench.minute()
  expect(bench.reads.length).toBeGreaterThan(1)
  for (const queries of bench.reads) expect(queries.length).toBeLessThanOrEqual(100)
  const read = bench.reads.flatMap((queries) => queries.map(({ metricName }) => metricName))
  // A metric whose alarms fall into two lots is read for both.
  expect(read.length).toBeLessThanOrEqual(51)
  expect(new Set(read).size).toBe(50)
})

test.each([
  { period: 10, periods: 1, every: 10_000 },
  { period: 60, periods: 5, every: MINUTE },
  { period: 3_600, periods: 24, every: MINUTE },
  { period: 3_600, periods: 25, every: HOUR },
])('$periods periods of $period seconds are looked at every $every ms, and no more often', async (given) => {
  bench.clock.at = MINUTE_NOW - (MINUTE_NOW % HOUR) + 6_000
  await bench.alarm({ Period: given.period, EvaluationPeriods: given.periods })
  await bench.evaluator.run()
  bench.reads.length = 0
  bench.clock.at += given.every - 2_000
  await bench.evaluator.run()
  expect(bench.reads).toHaveLength(0)
  bench.clock.at += 1_000
  await bench.evaluator.run()
  await bench.evaluator.run()
  expect(bench.reads).toHaveLength(1)
})

test('other settings hold from the next round on; the state stays until then', async () => {
  await bench.alarm()
  await bench.minute(11)
  await bench.alarm({ Threshold: 100 })
  expect(await bench.state()).toBe('ALARM')
  await bench.evaluator.run()
  expect(await bench.state()).toBe('OK')
})

test('actions go to whom the alarm names, as CloudWatch and for this alarm, once a change', async () => {
  await bench.alarm({ AlarmActions: [TOPIC], AlarmDescription: 'too many' })
  for (const value of [11, 12, 13]) await bench.minute(value)
  expect(bench.taken).toHaveLength(1)
  const [{ input, ...rest } = expect.fail()] = bench.taken
  expect(rest).toEqual({
    operation: 'Publish',
    sourceArn: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:busy',
  })
  expect(input).toMatchObject({ TopicArn: TOPIC, Subject: 'ALARM: "busy" in us-east-1' })
  expect(JSON.parse((input as { Message: string }).Message)).toMatchObject({
    AlarmName: 'busy',
    AlarmDescription: 'too many',
    NewStateValue: 'ALARM',
    OldStateValue: 'INSUFFICIENT_DATA',
    Trigger: { Statistic: 'SUM', Dimensions: [], Threshold: 10 },
  })
  expect((await summaries())[0]).toBe(`Successfully executed action ${TOPIC}`)
})

test('an action that nobody can take is told as failed, never as a success', async () => {
  const stop = 'arn:aws:automate:us-east-1:ec2:stop'
  bench.refusal = new AwsError('AuthorizationError', 403, 'CloudWatch may not.')
  await bench.alarm({ AlarmActions: [TOPIC, stop] })
  await bench.minute(11)
  const actions = (await bench.history()).filter(({ HistoryItemType }) => HistoryItemType === 'Action')
  // Both are of one instant; the one that was taken last is the newest.
  expect(actions.map(({ HistorySummary }) => HistorySummary)).toEqual([
    `Failed to execute action ${stop}. Received error: "Amazon EC2 is no service of this platform, so nothing was done."`,
    `Failed to execute action ${TOPIC}. Received error: "CloudWatch may not."`,
  ])
  for (const { HistoryData } of actions) expect(JSON.parse(HistoryData ?? '')).toMatchObject({ actionState: 'Failed' })
  bench.absent.add('sns')
  await bench.minute(1)
  await bench.minute(11)
  expect(await summaries()).toContain(
    `Failed to execute action ${TOPIC}. Received error: "Amazon SNS is no service of this platform, so nothing was done."`,
  )
  expect(bench.taken).toHaveLength(1)
})

test('an alarm whose actions are switched off takes none', async () => {
  await bench.alarm({ AlarmActions: [TOPIC], OKActions: [TOPIC], ActionsEnabled: false })
  await bench.minute(11)
  await bench.call('EnableAlarmActions', { AlarmNames: ['busy', 'none'] })
  await bench.minute(1)
  await bench.call('DisableAlarmActions', { AlarmNames: ['busy'] })
  await bench.minute(11)
  expect(bench.taken.map(({ input }) => (input as { Subject: string }).Subject)).toEqual(['OK: "busy" in us-east-1'])
})

test('a restart keeps states and history, goes on evaluating, and takes the actions that were still due', async () => {
  await bench.alarm({ AlarmActions: [TOPIC], OKActions: [TOPIC] })
  await bench.minute(11)
  await bench.call('SetAlarmState', { AlarmName: 'busy', StateValue: 'OK', StateReason: 'drill' })
  const before = await bench.history()
  bench = await bench.restarted()
  expect(await bench.alarmNamed()).toMatchObject({ StateValue: 'OK', StateReason: 'drill' })
  expect(await bench.history()).toEqual(before)
  await bench.evaluator.run()
  expect(await bench.state()).toBe('ALARM')
  expect(bench.taken.map(({ input }) => (input as { Subject: string }).Subject)).toEqual([
    'OK: "busy" in us-east-1',
    'ALARM: "busy" in us-east-1',
  ])
})

test('while metrics cannot be read alarms keep their states, and are judged as soon as they can be', async () => {
  await bench.alarm()
  await bench.minute(11)
  const { statistics } = bench.journal
  Object.assign(bench.journal, { statistics: () => Promise.reject(new Error('the column store is away')) })
  await bench.minute(1)
  expect(await bench.state()).toBe('ALARM')
  Object.assign(bench.journal, { statistics })
  await bench.evaluator.run()
  expect(await bench.state()).toBe('OK')
})
