import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  GetMetricWidgetImageCommand,
  ListMetricsCommand,
  ListTagsForResourceCommand,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch'
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { AwsQueryProtocol } from '@aws-sdk/core/protocols'
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor'
import { describe, expect, test } from 'vitest'
import { eventually } from '@sluice/testkit/eventually.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { allow, newUser, refusalOf } from './people.ts'

const ACCOUNT = '111122223333'
const MINUTE = 60_000
const platform = filePlatform({ env: { SLUICE_TESTING: '1' } })
const aws = platform.clients({ accessKeyId: ACCOUNT, secret: 'test' })

const minuteOf = (at: number): Date => new Date(Math.floor(at / MINUTE) * MINUTE)
const query = (Namespace: string, MetricName: string, Stat = 'Sum'): MetricDataQuery => ({
  Id: 'm',
  MetricStat: { Metric: { Namespace, MetricName }, Period: 60, Stat },
})

describe.each([
  { name: 'JSON 1.0', protocol: {} },
  { name: 'CBOR', protocol: { protocol: SmithyRpcV2CborProtocol } },
  { name: 'Query', protocol: { protocol: AwsQueryProtocol } },
])('the official client over $name', ({ name, protocol }) => {
  const Namespace = `Shop/${name.replace(/\W/g, '')}`
  const client = (): CloudWatchClient =>
    new CloudWatchClient({
      endpoint: platform.url,
      region: 'us-east-1',
      credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' },
      maxAttempts: 1,
      ...protocol,
    })

  test('what was put is read by statistics, as data, with metric math, and listed', async () => {
    const cloudwatch = client()
    const Timestamp = minuteOf(Date.now())
    const Dimensions = [{ Name: 'Queue', Value: 'orders & "more"' }]
    const common = { Timestamp, Dimensions }
    const range = { StartTime: Timestamp, EndTime: new Date(Timestamp.getTime() + MINUTE) }
    await cloudwatch.send(
      new PutMetricDataCommand({
        Namespace,
        MetricData: [
          { ...common, MetricName: 'Latency', Unit: 'Milliseconds', Values: [10, 20, 400.5], Counts: [5, 4, 1] },
          { ...common, MetricName: 'Latency', Unit: 'Milliseconds', Value: 2 },
          { ...common, MetricName: 'Errors', StatisticValues: { SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2 } },
        ],
      }),
    )
    const Metric = { Namespace, MetricName: 'Latency', Dimensions }
    const simple = { ...Metric, ...range, Period: 60 }
    const { Datapoints, Label } = await cloudwatch.send(
      new GetMetricStatisticsCommand({ ...simple, Statistics: ['Sum', 'Maximum', 'SampleCount'] }),
    )
    expect(Label).toBe('Latency')
    expect(Datapoints).toEqual([{ Timestamp, Sum: 532.5, Maximum: 400.5, SampleCount: 11, Unit: 'Milliseconds' }])
    const extended = await cloudwatch.send(new GetMetricStatisticsCommand({ ...simple, ExtendedStatistics: ['p90'] }))
    expect(extended.Datapoints).toEqual([{ Timestamp, ExtendedStatistics: { p90: 20 }, Unit: 'Milliseconds' }])
    const { MetricDataResults } = await cloudwatch.send(
      new GetMetricDataCommand({
        ...range,
        MetricDataQueries: [
          { Id: 'm1', MetricStat: { Metric, Period: 60, Stat: 'p50' } },
          { Id: 'm2', MetricStat: { Metric: { ...Metric, MetricName: 'Errors' }, Period: 60, Stat: 'Sum' } },
          { Id: 'e1', Expression: '100 * m2 / m1', Label: 'of ${MAX}' },
        ],
      }),
    )
    expect(MetricDataResults?.map(({ Id, Label, Values, StatusCode }) => [Id, Label, Values, StatusCode])).toEqual([
      ['m1', 'Latency', [10], 'Complete'],
      ['m2', 'Errors', [3], 'Complete'],
      ['e1', 'of 30', [30], 'Complete'],
    ])
    expect(MetricDataResults?.[0]?.Timestamps).toEqual([Timestamp])
    const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ Namespace }))
    expect(Metrics).toEqual([{ ...Metric, MetricName: 'Errors' }, Metric])
    cloudwatch.destroy()
  })

  test('an alarm goes through its life, and its tags with it', async () => {
    const cloudwatch = client()
    const AlarmName = `busy ${name} é`
    const Metric = { Namespace, MetricName: 'Load', Dimensions: [{ Name: 'Host', Value: 'a&b' }] }
    const AlarmActions = ['arn:aws:sns:us-east-1:111122223333:ops']
    const settings = {
      ...Metric,
      AlarmName,
      AlarmDescription: '<too> many',
      ExtendedStatistic: 'p90',
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 0.5,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
    } as const
    await cloudwatch.send(
      new PutMetricAlarmCommand({ ...settings, AlarmActions, Tags: [{ Key: 'team', Value: 'shop' }] }),
    )
    await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [AlarmName] }))
    const set = { AlarmName, StateValue: 'ALARM', StateReason: 'drill', StateReasonData: '{"a":1}' } as const
    await cloudwatch.send(new SetAlarmStateCommand(set))
    const found = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }))
    const [alarm] = found.MetricAlarms ?? []
    expect(found.MetricAlarms).toHaveLength(1)
    expect(alarm).toMatchObject({ ...settings, ...set, AlarmActions, ActionsEnabled: false, OKActions: [] })
    expect(alarm?.StateUpdatedTimestamp).toBeInstanceOf(Date)
    expect((await cloudwatch.send(new DescribeAlarmsForMetricCommand(Metric))).MetricAlarms).toEqual([alarm])
    const ResourceARN = alarm?.AlarmArn ?? ''
    await cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'tier', Value: '1' }] }))
    await cloudwatch.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['team'] }))
    const { Tags } = await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }))
    expect(Tags).toEqual([{ Key: 'tier', Value: '1' }])
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }))
    expect((await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }))).MetricAlarms).toEqual([])
    const { AlarmHistoryItems } = await cloudwatch.send(new DescribeAlarmHistoryCommand({ AlarmName }))
    expect(AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary)).toEqual([
      `Alarm "${AlarmName}" deleted`,
      'Alarm updated from INSUFFICIENT_DATA to ALARM',
      `Alarm "${AlarmName}" updated`,
      `Alarm "${AlarmName}" created`,
    ])
    expect(await refusalOf(cloudwatch.send(new SetAlarmStateCommand(set)))).toMatch(/^ResourceNotFound/)
    expect(await refusalOf(cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN })))).toMatch(
      /^ResourceNotFoundException/,
    )
    expect(
      await refusalOf(cloudwatch.send(new SetAlarmStateCommand({ ...set, StateValue: 'alarm' as 'ALARM' }))),
    ).toContain('Member must satisfy enum value set')
    cloudwatch.destroy()
  })

  test('what is wrong is refused in the words of CloudWatch, under the code that clients know', async () => {
    const cloudwatch = client()
    const both = { MetricName: 'm', Value: 1, Values: [1] }
    expect(await refusalOf(cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData: [both] })))).toMatch(
      /^InvalidParameterCombination.*: The parameters MetricData\.member\.1\.Value and MetricData\.member\.1\.Values are mutually exclusive/,
    )
    expect(await refusalOf(cloudwatch.send(new GetMetricWidgetImageCommand({ MetricWidget: '{}' })))).toContain(
      'NotImplemented',
    )
    cloudwatch.destroy()
  })
})

test('who may not, may not; a policy can name the namespace', async () => {
  const user = await newUser(platform, aws, 'reporter', {
    statements: [
      allow('cloudwatch:PutMetricData', { Condition: { StringEquals: { 'cloudwatch:namespace': 'Mine' } } }),
      allow('cloudwatch:ListMetrics'),
    ],
  })
  const put = (Namespace: string) =>
    refusalOf(
      user.cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'm', Value: 1 }] })),
    )
  expect(await put('Mine')).toBe('allowed')
  expect(await put('Theirs')).toContain('not authorized to perform: cloudwatch:PutMetricData')
  const { Metrics } = await user.cloudwatch.send(new ListMetricsCommand({}))
  expect(Metrics?.map(({ Namespace }) => Namespace)).toContain('Mine')
  expect(Metrics?.map(({ Namespace }) => Namespace)).not.toContain('Theirs')
  expect(
    await refusalOf(
      user.cloudwatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(0),
          EndTime: new Date(),
          MetricDataQueries: [query('Mine', 'm')],
        }),
      ),
    ),
  ).toContain('not authorized to perform: cloudwatch:GetMetricData')
})

test('who may make alarms is told by their names, actions and tags, and each change is on record', async () => {
  const stop = 'arn:aws:automate:us-east-1:ec2:stop'
  const Resource = `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:mine-*`
  const user = await newUser(platform, aws, 'watcher', {
    statements: [
      allow(['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource', 'cloudwatch:DescribeAlarms'], { Resource }),
      allow('cloudwatch:DeleteAlarms', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'shop' } } }),
      {
        ...allow('*', { Condition: { 'ForAnyValue:StringLike': { 'cloudwatch:AlarmActions': '*:ec2:*' } } }),
        Effect: 'Deny',
      },
    ],
  })
  const alarm = {
    Namespace: 'Mine',
    MetricName: 'm',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
  } as const
  const put = (AlarmName: string, more: Partial<PutMetricAlarmCommandInput> = {}) =>
    refusalOf(user.cloudwatch.send(new PutMetricAlarmCommand({ ...alarm, AlarmName, ...more })))
  const remove = (name: string) => refusalOf(user.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] })))
  expect(await put('mine-1', { Tags: [{ Key: 'team', Value: 'shop' }] })).toBe('allowed')
  expect(await put('mine-2')).toBe('allowed')
  expect(await put('theirs')).toContain('not authorized to perform: cloudwatch:PutMetricAlarm on resource')
  expect(await put('mine-3', { OKActions: [stop] })).toContain('with an explicit deny')
  const see = (...AlarmNames: string[]) => refusalOf(user.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames })))
  expect(await see('mine-1', 'mine-2')).toBe('allowed')
  expect(await see()).toContain('not authorized to perform: cloudwatch:DescribeAlarms on resource')
  expect(await remove('mine-2')).toContain('not authorized to perform: cloudwatch:DeleteAlarms')
  expect(await remove('mine-1')).toBe('allowed')
  const found = async () => {
    const LookupAttributes = [{ AttributeKey: 'Username', AttributeValue: 'watcher' } as const]
    const { Events = [] } = await aws.cloudtrail.send(new LookupEventsCommand({ LookupAttributes }))
    return Events.filter(({ EventName }) => EventName === 'PutMetricAlarm')
  }
  await eventually('the records of the alarms', 20, found, (events) => events.length === 4)
  const [last] = await found()
  expect(JSON.parse(last?.CloudTrailEvent ?? '')).toMatchObject({
    eventSource: 'monitoring.amazonaws.com',
    errorCode: expect.stringMatching(/^AccessDenied/),
    requestParameters: { alarmName: 'mine-3', oKActions: [stop] },
  })
})

test('a metric filter makes points of log events, events carry points, and the service counts what comes in', async () => {
  const logGroupName = '/app/orders'
  await aws.logs.send(new CreateLogGroupCommand({ logGroupName }))
  await aws.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }))
  await aws.logs.send(
    new PutMetricFilterCommand({
      logGroupName,
      filterName: 'taken',
      filterPattern: '{ $.event = "order" }',
      metricTransformations: [{ metricNamespace: 'Shop', metricName: 'Taken', metricValue: '$.amount', unit: 'Count' }],
    }),
  )
  const timestamp = Date.now()
  const CloudWatchMetrics = [{ Namespace: 'Shop', Dimensions: [[]], Metrics: [{ Name: 'Packed', Unit: 'Count' }] }]
  const messages = [
    { event: 'order', amount: 3 },
    { event: 'order', amount: 4.5 },
    { event: 'other', amount: 100 },
    { _aws: { Timestamp: timestamp, CloudWatchMetrics }, Packed: [2, 40] },
    {},
  ]
  await aws.logs.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName: 's',
      logEvents: messages.map((message) => ({ timestamp, message: JSON.stringify(message) })),
    }),
  )
  const StartTime = minuteOf(timestamp)
  const read = async (asked: MetricDataQuery, minutes = 1): Promise<number[]> => {
    const EndTime = new Date(StartTime.getTime() + minutes * MINUTE)
    const { MetricDataResults } = await aws.cloudwatch.send(
      new GetMetricDataCommand({ StartTime, EndTime, MetricDataQueries: [asked] }),
    )
    return MetricDataResults?.[0]?.Values ?? []
  }
  expect(await read(query('Shop', 'Taken'))).toEqual([])
  await fetch(new URL('/_sluice/clock', platform.url), {
    method: 'POST',
    headers: { 'x-sluice-testing': '1', 'content-type': 'application/json' },
    body: '{"advanceMillis":130000}',
  })
  const taken = () => read(query('Shop', 'Taken'))
  await eventually('the minute of the orders', 20, taken, (values) => values.length > 0)
  expect(await taken()).toEqual([7.5])
  expect(await read(query('Shop', 'Taken', 'SampleCount'))).toEqual([2])
  expect(await read(query('Shop', 'Taken', 'p50'))).toEqual([3])
  expect(await read(query('Shop', 'Taken', 'p99'))).toEqual([4.5])
  expect(await read(query('Shop', 'Packed'))).toEqual([42])
  const incoming = query('AWS/Logs', 'IncomingLogEvents')
  const Dimensions = [{ Name: 'LogGroupName', Value: logGroupName }]
  const ofGroup = {
    ...incoming,
    MetricStat: { ...incoming.MetricStat, Metric: { ...incoming.MetricStat?.Metric, Dimensions } },
  }
  const counted = () => read(ofGroup as MetricDataQuery, 2)
  await eventually('what came in', 20, counted, (values) => values.length > 0)
  expect(await counted()).toEqual([5])
  await aws.cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'orders taken',
      Namespace: 'Shop',
      MetricName: 'Taken',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 7,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: ['arn:aws:sns:us-east-1:111122223333:ops'],
    }),
  )
  const actions = async () => {
    const asked = { AlarmName: 'orders taken', HistoryItemType: 'Action' } as const
    return (await aws.cloudwatch.send(new DescribeAlarmHistoryCommand(asked))).AlarmHistoryItems ?? []
  }
  await eventually('the alarm on the orders', 20, actions, (items) => items.length > 0)
  // Nobody can be told yet, and that is no success.
  expect((await actions())[0]?.HistorySummary).toMatch(/^Failed to execute action arn:.*Amazon SNS is no service/)
  const alarm = async () =>
    (await aws.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'orders' }))).MetricAlarms?.[0]
  const before = await alarm()
  expect(before).toMatchObject({ StateValue: 'ALARM', StateReason: expect.stringContaining('1 datapoint [7.5 (') })
  await platform.stop()
  await platform.start()
  expect(await read(query('Shop', 'Taken'))).toEqual([7.5])
  expect(await alarm()).toEqual(before)
})
