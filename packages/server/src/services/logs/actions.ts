import { isAccountId } from '#kernel/ids.ts'
import type { AccessCheck, AccessScope, AuditResource, OperationAccess, Service } from '#kernel/service.ts'
import {
  type ArnPlace,
  destinationArn as ownDestinationArn,
  groupArn,
  parseDestinationArn,
  parseGroupArn,
  streamArn,
} from '#services/logs/arns.ts'
import type { Groups } from '#services/logs/catalog/groups.ts'
import type { Tags } from '#services/logs/catalog/log-group.ts'
import type { LogsInput } from '#services/logs/types.ts'

type Kind = Partial<Pick<OperationAccess<never>, 'category' | 'readOnly'>>
type Context = NonNullable<AccessCheck['context']>

const READ: Kind = { readOnly: true }
const DATA: Kind = { category: 'data' }
const READ_DATA: Kind = { category: 'data', readOnly: true }

/** How an input names a group; which member there is depends on the operation. */
interface NamesGroup {
  readonly logGroupName?: string | undefined
  readonly logGroupIdentifier?: string | undefined
  readonly resourceArn?: string | undefined
}

interface NamesKeyed {
  readonly logGroupName?: string | undefined
  readonly resourceIdentifier?: string | undefined
}

interface NamesStream extends NamesGroup {
  readonly logStreamName: string
}

interface TagsResource {
  readonly resourceArn: string
  readonly tags?: Tags
  readonly tagKeys?: readonly string[]
}

/**
 * What each operation is authorised on, as AWS does it: group-level operations on `log-group:NAME:log-stream:`,
 * stream-level ones on the stream, TagResource and its kin on the group's own ARN, and those without a group on
 * `log-group::log-stream:`. So a policy for `log-group:/aws/amazonmq/*` covers groups and streams, and one for the bare
 * `log-group:NAME` covers neither.
 * @source recorded denials, and AWS's guide "Logs sent to CloudWatch Logs" for operations without a group
 */
export function logsAccess(groups: Groups): Service<'logs'>['access'] {
  const tagsOf = (place: ArnPlace, name: string, scope: AccessScope) => resourceTags(groups, place, name, scope)

  const onGroup = (operation: string, kind: Kind = {}): OperationAccess<NamesGroup> => ({
    ...kindOf(kind),
    checks: async (input, scope) => {
      const { place, name } = groupOf(input, scope)
      return [check(operation, streamArn(place, name, ''), await tagsOf(place, name, scope))]
    },
    resources: (input, _output, scope) => groupResource(groupOf(input, scope).name),
  })

  const onTagged = (operation: string, kind: Kind = {}): OperationAccess<TagsResource> => ({
    ...kindOf(kind),
    checks: async ({ resourceArn, tags, tagKeys }, scope) => {
      const { place, name } = groupOf({ resourceArn }, scope)
      const context = { ...(await tagsOf(place, name, scope)), ...requestTags(tags, tagKeys) }
      return [check(operation, resourceArn, context)]
    },
    resources: ({ resourceArn }, _output, scope) => groupResource(groupOf({ resourceArn }, scope).name),
  })

  const onTaggedGroup = (
    operation: string,
  ): OperationAccess<{ readonly logGroupName: string; readonly tags: Tags | readonly string[] }> => ({
    ...onGroup(operation),
    checks: async ({ logGroupName, tags }, scope) => {
      const requested = isList(tags) ? requestTags(undefined, tags) : requestTags(tags, undefined)
      const context = { ...(await tagsOf(scope, logGroupName, scope)), ...requested }
      return [check(operation, streamArn(scope, logGroupName, ''), context)]
    },
  })

  const onKeyed = (operation: string): OperationAccess<NamesKeyed> => {
    const named = ({ logGroupName, resourceIdentifier }: NamesKeyed): NamesGroup => ({
      logGroupName,
      resourceArn: resourceIdentifier?.endsWith(':*') === true ? resourceIdentifier.slice(0, -2) : resourceIdentifier,
    })
    const { checks, resources, ...kind } = onGroup(operation)
    return {
      ...kind,
      checks: checks === 'none' ? 'none' : (input, scope) => checks(named(input), scope),
      ...(resources && { resources: (input, output, scope) => resources(named(input), output, scope) }),
    }
  }

  return {
    CreateLogGroup: { ...onGroup('CreateLogGroup'), checks: createGroupChecks },
    DeleteLogGroup: onGroup('DeleteLogGroup'),
    DescribeLogGroups: { ...kindOf(READ), checks: onAccount('DescribeLogGroups') },
    ListLogGroups: { ...kindOf(READ), checks: onAccount('ListLogGroups') },
    AssociateKmsKey: onKeyed('AssociateKmsKey'),
    DisassociateKmsKey: onKeyed('DisassociateKmsKey'),
    PutLogGroupDeletionProtection: onGroup('PutLogGroupDeletionProtection'),
    PutRetentionPolicy: onGroup('PutRetentionPolicy'),
    DeleteRetentionPolicy: onGroup('DeleteRetentionPolicy'),
    CreateLogStream: onStream('CreateLogStream'),
    DeleteLogStream: onStream('DeleteLogStream'),
    DescribeLogStreams: onGroup('DescribeLogStreams', READ),
    PutLogEvents: onStream('PutLogEvents', DATA),
    GetLogEvents: onStream('GetLogEvents', READ_DATA),
    FilterLogEvents: onGroup('FilterLogEvents', READ_DATA),
    TagResource: onTagged('TagResource'),
    UntagResource: onTagged('UntagResource'),
    ListTagsForResource: onTagged('ListTagsForResource', READ),
    TagLogGroup: onTaggedGroup('TagLogGroup'),
    UntagLogGroup: onTaggedGroup('UntagLogGroup'),
    ListTagsLogGroup: onGroup('ListTagsLogGroup', READ),
    PutMetricFilter: onGroup('PutMetricFilter'),
    DescribeMetricFilters: { ...kindOf(READ), checks: onGroupOrAccount('DescribeMetricFilters') },
    DeleteMetricFilter: onGroup('DeleteMetricFilter'),
    TestMetricFilter: { ...kindOf(READ), checks: onAccount('TestMetricFilter') },
    PutSubscriptionFilter: { ...onGroup('PutSubscriptionFilter'), checks: subscriptionChecks },
    DescribeSubscriptionFilters: onGroup('DescribeSubscriptionFilters', READ),
    DeleteSubscriptionFilter: onGroup('DeleteSubscriptionFilter'),
    PutDestination: { ...kindOf({}), checks: putDestinationChecks },
    PutDestinationPolicy: { ...kindOf({}), checks: onDestination('PutDestinationPolicy') },
    DescribeDestinations: { ...kindOf(READ), checks: onAccount('DescribeDestinations') },
    DeleteDestination: { ...kindOf({}), checks: onDestination('DeleteDestination') },
    PutQueryDefinition: { ...kindOf({}), checks: onAccount('PutQueryDefinition') },
    DescribeQueryDefinitions: { ...kindOf(READ), checks: onAccount('DescribeQueryDefinitions') },
    DeleteQueryDefinition: { ...kindOf({}), checks: onAccount('DeleteQueryDefinition') },
    PutResourcePolicy: { ...kindOf({}), checks: onPolicyTarget('PutResourcePolicy') },
    DescribeResourcePolicies: { ...kindOf(READ), checks: onPolicyTarget('DescribeResourcePolicies') },
    DeleteResourcePolicy: { ...kindOf({}), checks: onPolicyTarget('DeleteResourcePolicy') },
  }
}

/** Nothing is awaited here: PutLogEvents comes through for every batch. */
const onStream = (operation: string, kind: Kind = {}): OperationAccess<NamesStream> => ({
  ...kindOf(kind),
  checks: (input, scope) => {
    const { place, name } = groupOf(input, scope)
    return [check(operation, streamArn(place, name, input.logStreamName))]
  },
  resources: (input, _output, scope) => groupResource(groupOf(input, scope).name),
})

const onAccount =
  (operation: string) =>
  (_input: object, scope: AccessScope): readonly AccessCheck[] => [check(operation, streamArn(scope, '', ''))]

/** Whoever names a role hands it to CloudWatch Logs, and must be allowed to pass it. */
const passRole = (roleArn: string | undefined): readonly AccessCheck[] =>
  roleArn === undefined
    ? []
    : [{ action: 'iam:PassRole', resource: roleArn, context: { 'iam:PassedToService': 'logs.amazonaws.com' } }]

/** A filter that sends to a destination needs the right to use it; the policy of a foreign one must give it as well. */
function subscriptionChecks(
  { logGroupName, destinationArn, roleArn }: LogsInput<'PutSubscriptionFilter'>,
  scope: AccessScope,
): readonly AccessCheck[] {
  const onGroup = check('PutSubscriptionFilter', streamArn(scope, logGroupName, ''))
  const destination = parseDestinationArn(destinationArn)
  if (destination === undefined) return [onGroup, ...passRole(roleArn)]
  const owner = isAccountId(destination.account) ? { resourceAccount: destination.account } : {}
  return [onGroup, { ...check('PutSubscriptionFilter', destinationArn), ...owner }, ...passRole(roleArn)]
}

const onDestination =
  (operation: string) =>
  ({ destinationName }: { readonly destinationName: string }, scope: AccessScope): readonly AccessCheck[] => [
    check(operation, ownDestinationArn(scope, destinationName)),
  ]

const putDestinationChecks = (
  { destinationName, roleArn, tags }: LogsInput<'PutDestination'>,
  scope: AccessScope,
): readonly AccessCheck[] => [
  check('PutDestination', ownDestinationArn(scope, destinationName), requestTags(tags, undefined)),
  ...passRole(roleArn),
]

/** With a group it concerns that group, without one no group. */
const onGroupOrAccount =
  (operation: string) =>
  (input: NamesGroup, scope: AccessScope): readonly AccessCheck[] => {
    const { place, name } = groupOf(input, scope)
    return [check(operation, streamArn(name === '' ? scope : place, name, ''))]
  }

/** A policy of the account concerns no group; one for a group concerns that group. */
const onPolicyTarget =
  (operation: string) =>
  (input: { readonly resourceArn?: string | undefined }, scope: AccessScope): readonly AccessCheck[] => {
    const arn = input.resourceArn === undefined ? undefined : parseGroupArn(input.resourceArn)
    return arn ? [check(operation, streamArn(arn, arn.name, ''))] : onAccount(operation)(input, scope)
  }

/** Tags at creation need the right to tag as well. */
function createGroupChecks(
  { logGroupName, tags = {} }: LogsInput<'CreateLogGroup'>,
  scope: AccessScope,
): readonly AccessCheck[] {
  const context = requestTags(tags, undefined)
  const create = check('CreateLogGroup', streamArn(scope, logGroupName, ''), context)
  if (Object.keys(tags).length === 0) return [create]
  return [create, check('TagResource', groupArn(scope, logGroupName), context)]
}

const kindOf = ({ category = 'management', readOnly = false }: Kind) => ({ category, readOnly })

const check = (operation: string, resource: string, context?: Context): AccessCheck => ({
  action: `logs:${operation}`,
  resource,
  ...(context && Object.keys(context).length > 0 ? { context } : {}),
})

/** Whatever the input says, valid or not; the handler says what is wrong with it. */
function groupOf(input: NamesGroup, scope: AccessScope): { readonly place: ArnPlace; readonly name: string } {
  const identifier = input.logGroupName ?? input.logGroupIdentifier ?? input.resourceArn ?? ''
  const arn = parseGroupArn(identifier)
  return arn ? { place: arn, name: arn.name } : { place: scope, name: identifier }
}

/** `aws:ResourceTag/…` of a group that exists here. */
async function resourceTags(groups: Groups, place: ArnPlace, name: string, scope: AccessScope): Promise<Context> {
  if (place.account !== scope.account || place.region !== scope.region || name === '') return {}
  const group = await groups.find(scope, name)
  return prefixed('aws:ResourceTag/', group?.tags ?? {})
}

function requestTags(tags: Tags | undefined, keys: readonly string[] | undefined): Context {
  const tagKeys = keys ?? Object.keys(tags ?? {})
  return { ...prefixed('aws:RequestTag/', tags ?? {}), ...(tagKeys.length > 0 ? { 'aws:TagKeys': tagKeys } : {}) }
}

const prefixed = (prefix: string, tags: Tags): Context =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, value]))

const groupResource = (name: string): readonly AuditResource[] =>
  name === '' ? [] : [{ type: 'AWS::Logs::LogGroup', name }]

const isList = (tags: Tags | readonly string[]): tags is readonly string[] => Array.isArray(tags)
