import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { type AlarmFacts, type BrokerFacts, type Facts, type GroupFacts, watchesOf } from '#cli/posture/facts.ts'
import { PRESETS } from '#cli/posture/presets.ts'
import { findingsOf, fixes, judge, report } from '#cli/posture/report.ts'

const ID = 'b-0a1b2c3d-0000-4000-8000-000000000001'
const GENERAL = `/aws/amazonmq/broker/${ID}/general`
const AUDIT = `/aws/amazonmq/broker/${ID}/audit`
const BROKER: BrokerFacts = {
  brokerId: ID,
  brokerName: 'orders',
  brokerArn: `arn:aws:mq:us-east-1:111122223333:broker:orders:${ID}`,
  engineType: 'ActiveMQ',
  engineVersion: '5.18.3',
  publiclyAccessible: false,
  autoMinorVersionUpgrade: true,
  users: [{ username: 'operator' }],
  logs: { general: true, audit: true, generalLogGroup: GENERAL, auditLogGroup: AUDIT },
}
const kept = (days: number | undefined): readonly GroupFacts[] =>
  [AUDIT, GENERAL].map((logGroupName) =>
    days === undefined ? { logGroupName } : { logGroupName, retentionInDays: days },
  )
const alarmOn = (metricName: string, broker = 'orders-1'): AlarmFacts => ({
  namespace: 'AWS/AmazonMQ',
  metricName,
  comparison: 'GreaterThanThreshold',
  dimensions: [{ name: 'Broker', value: broker }],
})
const onLines = (metricName: string): AlarmFacts => ({ ...alarmOn(metricName), namespace: 'Mine', dimensions: [] })
const FILTERS = [
  { metricNamespace: 'Mine', metricName: 'starts', filterPattern: '"Apache ActiveMQ" started' },
  { metricNamespace: 'Mine', metricName: 'errors', filterPattern: 'ERROR' },
]
const ALARMS = [
  ...['HeapUsage', 'StorePercentUsage', 'CpuUtilization'].map((metric) => alarmOn(metric)),
  ...['starts', 'errors'].map(onLines),
]

const facts = (broker: Partial<BrokerFacts> = {}, change: Partial<Facts> = {}): Facts => ({
  region: 'us-east-1',
  brokers: [{ ...BROKER, ...broker }],
  groups: new Map([[ID, kept(90)]]),
  filters: new Map([[ID, FILTERS]]),
  alarms: ALARMS,
  policies: [],
  unread: [],
  ...change,
})
const preset = (name: string) => PRESETS.find((each) => each.name === name) ?? PRESETS[0] ?? expect.fail()
const titles = (given: Facts, name = 'general'): readonly string[] =>
  findingsOf(judge(given, preset(name))).map(({ title }) => title)
const text = (given: Facts, name = 'general'): string =>
  stripVTControlCharacters(report(judge(given, preset(name)), preset(name)))
const mend = (given: Facts, name = 'general'): string => fixes(judge(given, preset(name)))

test('a broker that is in order is said to be, and needs no command', () => {
  expect(text(facts())).toBe(`Preset general: general use, 30 to 90 days.\n\norders (${ID})\n  ok  Nothing to mend\n`)
  expect(mend(facts())).toBe('')
})

test('no brokers, nothing to say', () => {
  expect(text(facts({}, { brokers: [] }))).toContain('There are no brokers.')
})

test.each([
  { name: 'general', fits: [30, 90], short: [7, 14], long: [120, 365] },
  { name: 'soc2', fits: [365, 3_653], short: [90, 180], long: [] },
  { name: 'pci-dss', fits: [365, 400], short: [180], long: [] },
  { name: 'hipaa', fits: [2_192, 3_653], short: [365, 1_827], long: [] },
])('the retention of $name', ({ name, fits, short, long }) => {
  const of = (days: number | undefined): readonly string[] =>
    titles(facts({}, { groups: new Map([[ID, kept(days)]]) }), name)
  for (const days of fits) expect(of(days)).toEqual([])
  for (const days of short)
    expect(of(days)[0]).toBe(`The log group ${AUDIT} keeps its events for ${String(days)} days, which is too short`)
  for (const days of long) expect(of(days)[0]).toContain('longer than needed')
  expect(of(undefined)).toEqual([
    `The log group ${AUDIT} has no retention: its events never expire`,
    `The log group ${GENERAL} has no retention: its events never expire`,
  ])
})

test('a retention is mended by the AWS CLI, or in Terraform, which takes the group over first', () => {
  const groups = new Map([[ID, [{ logGroupName: AUDIT }, { logGroupName: GENERAL, retentionInDays: 365 }]]])
  expect(mend(facts({}, { groups }), 'pci-dss')).toBe(
    [
      '# AWS CLI',
      `aws --region us-east-1 logs put-retention-policy --log-group-name ${AUDIT} --retention-in-days 365`,
      '',
      '# Terraform: lines of aws_mq_broker belong into the one that you have',
      'import {',
      '  to = aws_cloudwatch_log_group.orders_audit',
      `  id = "${AUDIT}"`,
      '}',
      'resource "aws_cloudwatch_log_group" "orders_audit" {',
      `  name              = "${AUDIT}"`,
      '  retention_in_days = 365',
      '}',
      '',
    ].join('\n'),
  )
})

test('logs that are off are switched on, and the broker rebooted last', () => {
  const off = facts({
    logs: { ...BROKER.logs, general: false, audit: false },
    autoMinorVersionUpgrade: false,
    engineVersion: '5.17.6',
  })
  expect(titles(off)).toEqual(['The audit and general log is off', 'Minor versions are not upgraded by themselves'])
  expect(mend(off)).toBe(
    [
      '# AWS CLI',
      `aws --region us-east-1 mq update-broker --broker-id ${ID} --logs Audit=true,General=true`,
      `aws --region us-east-1 mq update-broker --broker-id ${ID} --auto-minor-version-upgrade`,
      `aws --region us-east-1 mq reboot-broker --broker-id ${ID}`,
      '',
      '# Terraform: lines of aws_mq_broker belong into the one that you have',
      'resource "aws_mq_broker" "orders" {',
      '  apply_immediately = true',
      '  logs {',
      '    audit   = true',
      '    general = true',
      '  }',
      '  auto_minor_version_upgrade = true',
      '}',
      '',
    ].join('\n'),
  )
})

test('a log that waits for its reboot only needs the reboot', () => {
  const waiting = facts({ logs: { ...BROKER.logs, audit: false, pending: { audit: true, general: true } } })
  expect(titles(waiting)).toEqual(['The audit log is switched on, but waits for a reboot'])
  expect(mend(waiting)).not.toContain('update-broker')
  expect(mend(waiting)).toContain('reboot-broker')
})

test('a log that is on without its group is said, with the command that says why', () => {
  const none = facts({}, { groups: new Map([[ID, []]]) })
  expect(titles(none)).toEqual(
    [AUDIT, GENERAL].map((group) => `The log group ${group} does not exist, so nothing arrives`),
  )
  expect(text(none)).toContain('Whose permission is missing: sluice why orders')
})

test('RabbitMQ has no audit log, so none is missed', () => {
  const rabbit = facts(
    { engineType: 'RabbitMQ', logs: { general: false, generalLogGroup: GENERAL } },
    { alarms: [alarmOn('RabbitMQMemUsed', 'orders')] },
  )
  expect(titles(rabbit)).toEqual(['The general log is off'])
  expect(mend(rabbit)).toContain('--logs General=true\n')
  expect(mend(rabbit)).not.toContain('audit')
})

test('public access cannot be changed, and is said to be so', () => {
  const open = facts({ publiclyAccessible: true })
  expect(titles(open)).toEqual(['The broker is publicly accessible'])
  expect(text(open)).toContain('This cannot be changed')
  expect(mend(open)).toContain('publicly_accessible = false # replaces the broker')
})

test('users with the first names that are tried are found, but for those that are going', () => {
  const users = [{ username: 'Admin' }, { username: 'guest', pendingChange: 'DELETE' }, { username: 'administrators' }]
  const found = facts({ users })
  expect(titles(found)).toEqual(['A user is called Admin, which is among the first names that are tried'])
  expect(mend(found)).toContain(`aws --region us-east-1 mq delete-user --broker-id ${ID} --username Admin\n`)
})

const without = (metricName: string): readonly AlarmFacts[] => ALARMS.filter((alarm) => alarm.metricName !== metricName)
const HEAP = 'No alarm watches HeapUsage of orders-1'
test.each<{ name: string; alarms: readonly AlarmFacts[] | undefined; missing: readonly string[] }>([
  { name: 'all', alarms: ALARMS, missing: [] },
  { name: 'all but one', alarms: without('HeapUsage'), missing: [HEAP] },
  { name: 'of another broker', alarms: [...without('HeapUsage'), alarmOn('HeapUsage', 'orders-10')], missing: [HEAP] },
  {
    name: 'of another namespace',
    alarms: [...without('HeapUsage'), { ...alarmOn('HeapUsage'), namespace: 'Mine' }],
    missing: [HEAP],
  },
  {
    name: 'that hear of too little only',
    alarms: [...without('HeapUsage'), { ...alarmOn('HeapUsage'), comparison: 'LessThanThreshold' }],
    missing: [HEAP],
  },
  {
    name: 'none on what the log tells',
    alarms: without('starts'),
    missing: ['No alarm watches the general log for restarts'],
  },
  { name: 'unknown', alarms: undefined, missing: [] },
])('alarms: $name', ({ alarms, missing }) => {
  expect(titles(facts({}, { alarms }))).toEqual(missing)
})

test('a pair needs its alarms on both instances', () => {
  const pair = facts({ deploymentMode: 'ACTIVE_STANDBY_MULTI_AZ' })
  expect(titles(pair)).toEqual(
    ['HeapUsage', 'StorePercentUsage', 'CpuUtilization'].map((metric) => `No alarm watches ${metric} of orders-2`),
  )
  expect(mend(pair)).toContain('--alarm-name orders-2-heap ')
})

test('the memory of RabbitMQ is watched in percent of its limit, by an alarm on both metrics', () => {
  const rabbit = { engineType: 'RabbitMQ', logs: { general: true, generalLogGroup: GENERAL } }
  const groups = new Map([[ID, [{ logGroupName: GENERAL, retentionInDays: 90 }]]])
  const without = facts(rabbit, { groups, alarms: [] })
  expect(titles(without)).toEqual(['No alarm watches RabbitMQMemUsed of orders'])
  const text = mend(without)
  const [, json = ''] =
    /--alarm-name orders-memory --metrics '(.*)' --evaluation-periods 2 --threshold 80 /.exec(text) ?? []
  const Metrics = JSON.parse(json) as NonNullable<Parameters<typeof watchesOf>[0]['Metrics']>
  expect(Metrics).toMatchObject([
    { Id: 'part', ReturnData: false, MetricStat: { Period: 300, Stat: 'Maximum' } },
    { Id: 'whole', ReturnData: false, MetricStat: { Metric: { MetricName: 'RabbitMQMemLimit' } } },
    { Id: 'share', Expression: '100 * part / whole' },
  ])
  expect(text.match(/metric_query \{/g)).toHaveLength(3)
  // What was printed is what is looked for.
  const made = watchesOf({ ComparisonOperator: 'GreaterThanThreshold', Metrics })
  expect(titles(facts(rabbit, { groups, alarms: made }))).toEqual([])
})

test('without filters that could be read, or a general log, nothing is said about what it tells', () => {
  expect(titles(facts({}, { filters: new Map(), alarms: without('starts') }))).toEqual([])
  const off = facts(
    { logs: { ...BROKER.logs, general: false } },
    { groups: new Map([[ID, []]]), alarms: without('starts') },
  )
  expect(titles(off)).toContain('The general log is off')
  expect(mend(off)).not.toContain('put-metric-filter')
})

test('an alarm is mended by the AWS CLI or in Terraform, one on the log with its metric filter', () => {
  const alarms = ALARMS.filter(({ metricName }) => metricName !== 'HeapUsage' && metricName !== 'starts')
  expect(mend(facts({}, { alarms }))).toBe(
    [
      '# AWS CLI',
      'aws --region us-east-1 cloudwatch put-metric-alarm --alarm-name orders-1-heap --namespace AWS/AmazonMQ --metric-name HeapUsage --dimensions Name=Broker,Value=orders-1 --statistic Average --period 300 --evaluation-periods 2 --threshold 80 --comparison-operator GreaterThanThreshold --treat-missing-data missing',
      `aws --region us-east-1 logs put-metric-filter --log-group-name ${GENERAL} --filter-name orders-restarts --filter-pattern '"Apache ActiveMQ" started' --metric-transformations metricName=orders-BrokerStarts,metricNamespace=LogMetrics/AmazonMQ,metricValue=1,defaultValue=0`,
      'aws --region us-east-1 cloudwatch put-metric-alarm --alarm-name orders-restarts --namespace LogMetrics/AmazonMQ --metric-name orders-BrokerStarts --statistic Sum --period 300 --evaluation-periods 1 --threshold 1 --comparison-operator GreaterThanOrEqualToThreshold --treat-missing-data notBreaching',
      '',
      '# Terraform: lines of aws_mq_broker belong into the one that you have',
      'resource "aws_cloudwatch_metric_alarm" "orders-1-heap" {',
      '  alarm_name          = "orders-1-heap"',
      '  namespace           = "AWS/AmazonMQ"',
      '  metric_name         = "HeapUsage"',
      '  dimensions          = { Broker = "orders-1" }',
      '  statistic           = "Average"',
      '  period              = 300',
      '  evaluation_periods  = 2',
      '  threshold           = 80',
      '  comparison_operator = "GreaterThanThreshold"',
      '  treat_missing_data  = "missing"',
      '}',
      'resource "aws_cloudwatch_log_metric_filter" "orders-restarts" {',
      '  name           = "orders-restarts"',
      `  log_group_name = "${GENERAL}"`,
      '  pattern        = "\\"Apache ActiveMQ\\" started"',
      '  metric_transformation {',
      '    name          = "orders-BrokerStarts"',
      '    namespace     = "LogMetrics/AmazonMQ"',
      '    value         = "1"',
      '    default_value = "0"',
      '  }',
      '}',
      'resource "aws_cloudwatch_metric_alarm" "orders-restarts" {',
      '  alarm_name          = "orders-restarts"',
      '  namespace           = "LogMetrics/AmazonMQ"',
      '  metric_name         = "orders-BrokerStarts"',
      '  statistic           = "Sum"',
      '  period              = 300',
      '  evaluation_periods  = 1',
      '  threshold           = 1',
      '  comparison_operator = "GreaterThanOrEqualToThreshold"',
      '  treat_missing_data  = "notBreaching"',
      '}',
      '',
    ].join('\n'),
  )
})

const mqMayWrite = (condition?: object, service: unknown = 'mq.amazonaws.com') =>
  JSON.stringify({
    Statement: { Effect: 'Allow', Principal: { Service: service }, Action: '*', Resource: '*', Condition: condition },
  })
test.each([
  { name: 'without a condition', document: mqMayWrite(), isOpen: true },
  { name: 'in a list of principals', document: mqMayWrite(undefined, ['a.b', 'mq.amazonaws.com']), isOpen: true },
  { name: 'for one account', document: mqMayWrite({ StringEquals: { 'aws:SourceAccount': '1' } }), isOpen: false },
  { name: 'for one broker', document: mqMayWrite({ ArnLike: { 'AWS:sourcearn': 'arn:*' } }), isOpen: false },
  { name: 'for another service', document: mqMayWrite(undefined, 'es.amazonaws.com'), isOpen: false },
  { name: 'that is no policy', document: '{', isOpen: false },
])('a resource policy $name', ({ document, isOpen }) => {
  const given = facts({}, { policies: [{ policyName: "it's", policyDocument: document }] })
  expect(titles(given)).toHaveLength(isOpen ? 1 : 0)
  if (!isOpen) return
  expect(text(given)).toContain(
    "The account\n  no  The resource policy it's lets Amazon MQ write on behalf of any account",
  )
  // A name that a shell would read differently is not put into a command.
  expect(mend(given)).not.toContain("it's")
  expect(mend(given)).toContain('"aws:SourceAccount":"111122223333"')
})

test('what could not be read is said, and nothing is made up about it', () => {
  const given = facts({}, { groups: new Map(), alarms: undefined, policies: undefined, unread: ['alarms: not built'] })
  expect(titles(given)).toEqual([])
  expect(text(given)).toContain('Not checked:\n  alarms: not built\n')
})
