import type { AccessScope, OperationAccess, Service } from '#kernel/service.ts'
import {
  type Kind,
  type NamesGroup,
  type NamesKeyed,
  type TagsResource,
  DATA,
  READ,
  READ_DATA,
  check,
  createGroupChecks,
  findingsChecks,
  groupOf,
  groupResource,
  isList,
  kindOf,
  onAccount,
  onAccountPolicy,
  onDestination,
  onEverything,
  onGroupOrAccount,
  onPolicyTarget,
  onStream,
  putDestinationChecks,
  requestTags,
  resourceTags,
  subscriptionChecks,
} from '#services/logs/access/checks.ts'
import {
  type DeliveryParts,
  createDeliveryChecks,
  onNamed,
  putDeliveryDestinationChecks,
  putSourceChecks,
  updateDeliveryChecks,
} from '#services/logs/access/delivery-checks.ts'
import { type ArnPlace, parseGroupArn, streamArn } from '#services/logs/arns.ts'
import type { Groups } from '#services/logs/catalog/groups.ts'
import type { Tags } from '#services/logs/catalog/log-group.ts'

/**
 * What each operation is authorised on, as AWS does it: group-level operations on `log-group:NAME:log-stream:`,
 * stream-level ones on the stream, TagResource and its kin on the group's own ARN, those about groups but without one on
 * `log-group::log-stream:`, and those for which AWS lists no resource on everything. So a policy for
 * `log-group:/aws/amazonmq/*` covers groups and streams, and one for the bare `log-group:NAME` covers neither.
 * @source recorded denials, and AWS's guide "Logs sent to CloudWatch Logs" for operations without a group
 */
export function logsAccess({
  groups,
  ...parts
}: DeliveryParts & { readonly groups: Groups }): Service<'logs'>['access'] {
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
    resources: ({ resourceArn }) => groupResource(parseGroupArn(resourceArn)?.name ?? ''),
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

  const onProtected = (
    operation: string,
  ): OperationAccess<NamesGroup & { readonly policyDocument?: string | undefined }> => {
    const { checks, ...others } = onGroup(operation)
    return {
      ...others,
      checks: async (input, scope) => {
        const own = checks === 'none' ? [] : await checks(input, scope)
        return [...own, ...findingsChecks(input.policyDocument, scope)]
      },
    }
  }

  const onUnmasked = (operation: string): OperationAccess<NamesGroup & { readonly unmask?: boolean | undefined }> => {
    const { checks, ...others } = onGroup(operation, READ_DATA)
    return {
      ...others,
      checks: async (input, scope) => {
        const own = checks === 'none' ? [] : await checks(input, scope)
        return input.unmask === true ? [...own, ...own.map((each) => ({ ...each, action: 'logs:Unmask' }))] : own
      },
    }
  }

  const onEachGroup = (operation: string): OperationAccess<{ readonly logGroupIdentifiers: readonly string[] }> => ({
    ...kindOf(READ),
    checks: async ({ logGroupIdentifiers }, scope) => {
      const each = logGroupIdentifiers.map(async (logGroupIdentifier) => {
        const { place, name } = groupOf({ logGroupIdentifier }, scope)
        return check(operation, streamArn(place, name, ''), await tagsOf(place, name, scope))
      })
      return Promise.all(each)
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
    ListLogGroups: { ...kindOf(READ), checks: onEverything('ListLogGroups') },
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
    FilterLogEvents: onUnmasked('FilterLogEvents'),
    StartLiveTail: onEachGroup('StartLiveTail'),
    TagResource: onTagged('TagResource'),
    UntagResource: onTagged('UntagResource'),
    ListTagsForResource: onTagged('ListTagsForResource', READ),
    TagLogGroup: onTaggedGroup('TagLogGroup'),
    UntagLogGroup: onTaggedGroup('UntagLogGroup'),
    ListTagsLogGroup: onGroup('ListTagsLogGroup', READ),
    PutMetricFilter: onGroup('PutMetricFilter'),
    DescribeMetricFilters: { ...kindOf(READ), checks: onGroupOrAccount('DescribeMetricFilters') },
    DeleteMetricFilter: onGroup('DeleteMetricFilter'),
    TestMetricFilter: { ...kindOf(READ), checks: onEverything('TestMetricFilter') },
    PutSubscriptionFilter: { ...onGroup('PutSubscriptionFilter'), checks: subscriptionChecks },
    DescribeSubscriptionFilters: onGroup('DescribeSubscriptionFilters', READ),
    DeleteSubscriptionFilter: onGroup('DeleteSubscriptionFilter'),
    PutDestination: { ...kindOf({}), checks: putDestinationChecks },
    PutDestinationPolicy: { ...kindOf({}), checks: onDestination('PutDestinationPolicy') },
    DescribeDestinations: { ...kindOf(READ), checks: onEverything('DescribeDestinations') },
    DeleteDestination: { ...kindOf({}), checks: onDestination('DeleteDestination') },
    PutAccountPolicy: { ...kindOf({}), checks: onAccountPolicy('Put') },
    DescribeAccountPolicies: { ...kindOf(READ), checks: onEverything('DescribeAccountPolicies') },
    DeleteAccountPolicy: { ...kindOf({}), checks: onAccountPolicy('Delete') },
    PutDataProtectionPolicy: onProtected('PutDataProtectionPolicy'),
    GetDataProtectionPolicy: onGroup('GetDataProtectionPolicy', READ),
    DeleteDataProtectionPolicy: onGroup('DeleteDataProtectionPolicy'),
    CreateExportTask: onGroup('CreateExportTask'),
    DescribeExportTasks: { ...kindOf(READ), checks: onEverything('DescribeExportTasks') },
    CancelExportTask: { ...kindOf({}), checks: onEverything('CancelExportTask') },
    PutQueryDefinition: { ...kindOf({}), checks: onEverything('PutQueryDefinition') },
    DescribeQueryDefinitions: { ...kindOf(READ), checks: onEverything('DescribeQueryDefinitions') },
    DeleteQueryDefinition: { ...kindOf({}), checks: onEverything('DeleteQueryDefinition') },
    PutDeliverySource: { ...kindOf({}), checks: putSourceChecks(parts) },
    GetDeliverySource: onNamed('GetDeliverySource', 'delivery-source', 'name', READ),
    DescribeDeliverySources: { ...kindOf(READ), checks: onEverything('DescribeDeliverySources') },
    DeleteDeliverySource: onNamed('DeleteDeliverySource', 'delivery-source', 'name'),
    PutDeliveryDestination: { ...kindOf({}), checks: putDeliveryDestinationChecks },
    GetDeliveryDestination: onNamed('GetDeliveryDestination', 'delivery-destination', 'name', READ),
    DescribeDeliveryDestinations: { ...kindOf(READ), checks: onEverything('DescribeDeliveryDestinations') },
    DeleteDeliveryDestination: onNamed('DeleteDeliveryDestination', 'delivery-destination', 'name'),
    PutDeliveryDestinationPolicy: onDeliveryDestination('PutDeliveryDestinationPolicy'),
    GetDeliveryDestinationPolicy: onDeliveryDestination('GetDeliveryDestinationPolicy', READ),
    DeleteDeliveryDestinationPolicy: onDeliveryDestination('DeleteDeliveryDestinationPolicy'),
    CreateDelivery: { ...kindOf({}), checks: createDeliveryChecks },
    GetDelivery: onNamed('GetDelivery', 'delivery', 'id', READ),
    DescribeDeliveries: { ...kindOf(READ), checks: onEverything('DescribeDeliveries') },
    DeleteDelivery: onNamed('DeleteDelivery', 'delivery', 'id'),
    UpdateDeliveryConfiguration: { ...kindOf({}), checks: updateDeliveryChecks(parts) },
    DescribeConfigurationTemplates: { ...kindOf(READ), checks: onEverything('DescribeConfigurationTemplates') },
    PutResourcePolicy: { ...kindOf({}), checks: onPolicyTarget('PutResourcePolicy') },
    DescribeResourcePolicies: { ...kindOf(READ), checks: onPolicyTarget('DescribeResourcePolicies') },
    DeleteResourcePolicy: { ...kindOf({}), checks: onPolicyTarget('DeleteResourcePolicy') },
  }
}

const onDeliveryDestination = (operation: string, kind: Kind = {}) =>
  onNamed(operation, 'delivery-destination', 'deliveryDestinationName', kind)
