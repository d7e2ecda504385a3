import type { AccessCheck, AccessScope, OperationAccess, Service } from '#kernel/service.ts'
import { alarmArn } from '#services/cloudwatch/alarms/alarm.ts'
import type { CloudwatchInput } from '#services/cloudwatch/types.ts'

type Tags = CloudwatchInput<'PutMetricAlarm'>['Tags']
type Context = NonNullable<AccessCheck['context']>

/** Every alarm of an account in a region. */
const EVERY_ALARM = '*'

const onEverything = <Input>(
  operation: string,
  {
    readOnly,
    category = 'management',
  }: Pick<OperationAccess<Input>, 'readOnly'> & { readonly category?: 'data' | 'management' },
  contextOf: (input: Input) => Context | undefined = () => undefined,
): OperationAccess<Input> => ({
  category,
  readOnly,
  checks: (input) => {
    const context = contextOf(input)
    return [{ action: `cloudwatch:${operation}`, resource: '*', ...(context === undefined ? {} : { context }) }]
  },
})

/** An operation on alarms; on every one when it names none. */
const onAlarms = <Input>(
  operation: string,
  readOnly: boolean,
  namesOf: (input: Input) => readonly string[],
  contextOf: (input: Input) => Context = () => ({}),
): OperationAccess<Input> => {
  const arnsOf = (input: Input, scope: AccessScope): readonly string[] =>
    namesOf(input).map((name) => alarmArn(scope, name))
  return {
    category: 'management',
    readOnly,
    checks: (input, scope) => {
      const arns = arnsOf(input, scope)
      const context = contextOf(input)
      return (arns.length === 0 ? [alarmArn(scope, EVERY_ALARM)] : arns).map((resource) => ({
        action: `cloudwatch:${operation}`,
        resource,
        ...(Object.keys(context).length === 0 ? {} : { context }),
      }))
    },
    resources: (input, _output, scope) =>
      arnsOf(input, scope).map((name) => ({ type: 'AWS::CloudWatch::Alarm', name })),
  }
}

const onArn = <Input extends { readonly ResourceARN: string }>(
  operation: string,
  readOnly: boolean,
  contextOf: (input: Input) => Context = () => ({}),
): OperationAccess<Input> => ({
  category: 'management',
  readOnly,
  checks: (input) => [{ action: `cloudwatch:${operation}`, resource: input.ResourceARN, context: contextOf(input) }],
  resources: ({ ResourceARN }) => [{ type: 'AWS::CloudWatch::Alarm', name: ResourceARN }],
})

const named = ({ AlarmName }: { readonly AlarmName?: string | undefined }): readonly string[] =>
  AlarmName === undefined ? [] : [AlarmName]
const allNamed = ({ AlarmNames = [] }: { readonly AlarmNames?: readonly string[] | undefined }): readonly string[] =>
  AlarmNames

const requestTags = (tags: Tags = []): Context => ({
  ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
  ...(tags.length === 0 ? {} : { 'aws:TagKeys': tags.map(({ Key }) => Key) }),
})

/** What an alarm would do, in whatever state, so that no action gets past a policy that names it. */
function alarmContext(input: CloudwatchInput<'PutMetricAlarm'>): Context {
  const { AlarmActions = [], OKActions = [], InsufficientDataActions = [], Tags } = input
  const actions = [...AlarmActions, ...OKActions, ...InsufficientDataActions]
  return { ...requestTags(Tags), ...(actions.length === 0 ? {} : { 'cloudwatch:AlarmActions': actions }) }
}

const putAlarm = onAlarms<CloudwatchInput<'PutMetricAlarm'>>('PutMetricAlarm', false, named, alarmContext)

/** Tags at once need the right to tag as well. */
const putAlarmAccess: OperationAccess<CloudwatchInput<'PutMetricAlarm'>> = {
  ...putAlarm,
  checks: async (input, scope) => {
    const checks = putAlarm.checks === 'none' ? [] : await putAlarm.checks(input, scope)
    const { Tags = [] } = input
    if (Tags.length === 0) return checks
    const resource = alarmArn(scope, input.AlarmName)
    return [...checks, { action: 'cloudwatch:TagResource', resource, context: requestTags(Tags) }]
  },
}

/**
 * Who may call what. Metrics have no ARNs that policies name; writing can be narrowed to namespaces. Alarms have, and what
 * they may do can be narrowed to actions.
 * @source AWS service authorization reference, CloudWatch; CloudWatch user guide, logging API calls with CloudTrail
 */
export const cloudwatchAccess: Service<'cloudwatch'>['access'] = {
  PutMetricData: onEverything('PutMetricData', { readOnly: false, category: 'data' }, ({ Namespace }) => ({
    'cloudwatch:namespace': Namespace,
  })),
  GetMetricData: onEverything('GetMetricData', { readOnly: true, category: 'data' }),
  GetMetricStatistics: onEverything('GetMetricStatistics', { readOnly: true }),
  ListMetrics: onEverything('ListMetrics', { readOnly: true }),
  PutMetricAlarm: putAlarmAccess,
  DescribeAlarms: onAlarms('DescribeAlarms', true, allNamed),
  DescribeAlarmsForMetric: onEverything('DescribeAlarmsForMetric', { readOnly: true }),
  DescribeAlarmHistory: onAlarms('DescribeAlarmHistory', true, named),
  DeleteAlarms: onAlarms('DeleteAlarms', false, allNamed),
  SetAlarmState: onAlarms('SetAlarmState', false, named),
  EnableAlarmActions: onAlarms('EnableAlarmActions', false, allNamed),
  DisableAlarmActions: onAlarms('DisableAlarmActions', false, allNamed),
  TagResource: onArn('TagResource', false, ({ Tags }) => requestTags(Tags)),
  UntagResource: onArn('UntagResource', false, ({ TagKeys }) =>
    TagKeys.length === 0 ? {} : { 'aws:TagKeys': TagKeys },
  ),
  ListTagsForResource: onArn('ListTagsForResource', true),
}
