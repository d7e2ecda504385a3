import type { AccessCheck, AccessScope, OperationAccess, Service } from '#kernel/service.ts'
import { askedArn } from '#services/cloudtrail/arns.ts'
import { storeArn } from '#services/cloudtrail/event-data-stores.ts'
import type { CloudTrailInput } from '#services/cloudtrail/types.ts'

type Tags = readonly { readonly Key: string; readonly Value?: string | undefined }[]
type Context = NonNullable<AccessCheck['context']>
type ConfiguredInput = Pick<CloudTrailInput<'GetEventConfiguration'>, 'TrailName' | 'EventDataStore'>

/** An operation on what `arnOf` names, a trail by its name or ARN. */
const on = <Input>(
  operation: string,
  readOnly: boolean,
  nameOf: (input: Input) => string,
  contextOf: (input: Input) => Context = () => ({}),
): OperationAccess<Input> => {
  const arnOf = (input: Input, scope: AccessScope): string => askedArn(nameOf(input), scope)
  return {
    category: 'management',
    readOnly,
    checks: (input, scope) => [
      { action: `cloudtrail:${operation}`, resource: arnOf(input, scope), context: contextOf(input) },
    ],
    resources: (input, _output, scope) => [{ type: 'AWS::CloudTrail::Trail', name: arnOf(input, scope) }],
  }
}

const onNothing = <Input>(operation: string, readOnly = true): OperationAccess<Input> => ({
  category: 'management',
  readOnly,
  checks: () => [{ action: `cloudtrail:${operation}`, resource: '*' }],
})

const named = ({ Name }: { readonly Name: string }): string => Name
const trailNamed = ({ TrailName }: { readonly TrailName?: string | undefined }): string => TrailName ?? '*'

const requestTags = (tags: Tags = []): Context => ({
  ...Object.fromEntries(tags.map(({ Key, Value = '' }) => [`aws:RequestTag/${Key}`, Value])),
  ...(tags.length === 0 ? {} : { 'aws:TagKeys': tags.map(({ Key }) => Key) }),
})

/** Tags at once need the right to tag as well. */
const createTrailAccess: OperationAccess<CloudTrailInput<'CreateTrail'>> = {
  ...on('CreateTrail', false, named),
  checks: ({ Name, TagsList }, scope) => {
    const check = (action: string): AccessCheck => ({
      action: `cloudtrail:${action}`,
      resource: askedArn(Name, scope),
      context: requestTags(TagsList),
    })
    return TagsList === undefined || TagsList.length === 0
      ? [check('CreateTrail')]
      : [check('CreateTrail'), check('AddTags')]
  },
}

const listTagsAccess: OperationAccess<CloudTrailInput<'ListTags'>> = {
  category: 'management',
  readOnly: true,
  checks: ({ ResourceIdList: ids }, scope) =>
    ids.length === 0
      ? [{ action: 'cloudtrail:ListTags', resource: askedArn('*', scope) }]
      : Array.from(ids, (id) => ({ action: 'cloudtrail:ListTags', resource: askedArn(id, scope) })),
}

/** An operation on a trail or an event data store. */
const onConfigured = <Input extends ConfiguredInput>(operation: string, readOnly: boolean): OperationAccess<Input> => ({
  category: 'management',
  readOnly,
  checks: ({ TrailName, EventDataStore }, scope) => [
    {
      action: `cloudtrail:${operation}`,
      resource: TrailName === undefined ? storeArn(EventDataStore ?? '*', scope) : askedArn(TrailName, scope),
    },
  ],
  resources: ({ TrailName }, _output, scope) =>
    TrailName === undefined ? [] : [{ type: 'AWS::CloudTrail::Trail', name: askedArn(TrailName, scope) }],
})

/** An operation on what has a resource policy. */
const onPolicy = <Input extends { readonly ResourceArn: string }>(
  operation: string,
  readOnly: boolean,
): OperationAccess<Input> => ({
  category: 'management',
  readOnly,
  checks: ({ ResourceArn }) => [{ action: `cloudtrail:${operation}`, resource: ResourceArn }],
})

/** With a trail it needs the right to its insights as well. @source CloudTrail API reference, ListInsightsMetricData */
const insightsMetricAccess: OperationAccess<CloudTrailInput<'ListInsightsMetricData'>> = {
  category: 'management',
  readOnly: true,
  checks: ({ TrailName }, scope) => [
    { action: 'cloudtrail:LookupEvents', resource: '*' },
    ...(TrailName === undefined
      ? []
      : [{ action: 'cloudtrail:ListInsightsData', resource: askedArn(TrailName, scope) }]),
  ],
}

/** @source AWS service authorization reference, CloudTrail */
export const cloudtrailAccess: Service<'cloudtrail'>['access'] = {
  CreateTrail: createTrailAccess,
  UpdateTrail: on('UpdateTrail', false, named),
  DeleteTrail: on('DeleteTrail', false, named),
  GetTrail: on('GetTrail', true, named),
  DescribeTrails: onNothing('DescribeTrails'),
  ListTrails: onNothing('ListTrails'),
  StartLogging: on('StartLogging', false, named),
  StopLogging: on('StopLogging', false, named),
  GetTrailStatus: on('GetTrailStatus', true, named),
  PutEventSelectors: on('PutEventSelectors', false, trailNamed),
  GetEventSelectors: on('GetEventSelectors', true, trailNamed),
  PutInsightSelectors: on('PutInsightSelectors', false, trailNamed),
  GetInsightSelectors: on('GetInsightSelectors', true, trailNamed),
  PutEventConfiguration: onConfigured('PutEventConfiguration', false),
  GetEventConfiguration: onConfigured('GetEventConfiguration', true),
  PutResourcePolicy: onPolicy('PutResourcePolicy', false),
  GetResourcePolicy: onPolicy('GetResourcePolicy', true),
  DeleteResourcePolicy: onPolicy('DeleteResourcePolicy', false),
  RegisterOrganizationDelegatedAdmin: onNothing('RegisterOrganizationDelegatedAdmin', false),
  DeregisterOrganizationDelegatedAdmin: onNothing('DeregisterOrganizationDelegatedAdmin', false),
  ListInsightsData: on(
    'ListInsightsData',
    true,
    ({ InsightSource }: CloudTrailInput<'ListInsightsData'>) => InsightSource,
  ),
  ListInsightsMetricData: insightsMetricAccess,
  AddTags: on(
    'AddTags',
    false,
    ({ ResourceId }: CloudTrailInput<'AddTags'>) => ResourceId,
    ({ TagsList }) => requestTags(TagsList),
  ),
  RemoveTags: on(
    'RemoveTags',
    false,
    ({ ResourceId }: CloudTrailInput<'RemoveTags'>) => ResourceId,
    ({ TagsList }) => ({ 'aws:TagKeys': TagsList.map(({ Key }) => Key) }),
  ),
  ListTags: listTagsAccess,
  ListPublicKeys: onNothing('ListPublicKeys'),
  LookupEvents: onNothing('LookupEvents'),
}
