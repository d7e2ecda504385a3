import type { AccessCheck, AccessScope, OperationAccess, Service } from '#kernel/service.ts'
import { askedArn } from '#services/cloudtrail/arns.ts'
import type { CloudTrailInput } from '#services/cloudtrail/types.ts'

type Tags = readonly { readonly Key: string; readonly Value?: string | undefined }[]
type Context = NonNullable<AccessCheck['context']>

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

const onNothing = <Input>(operation: string): OperationAccess<Input> => ({
  category: 'management',
  readOnly: true,
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
