import type { Service } from '#kernel/service.ts'
import { logsAccess } from '#services/logs/actions.ts'
import type { ExportEngine } from '#services/logs/exports/export-engine.ts'
import { type LogsDeps, logsParts } from '#services/logs/deps.ts'
import { createLogGroup } from '#services/logs/operations/create-log-group.ts'
import { createLogStream } from '#services/logs/operations/create-log-stream.ts'
import { deleteLogGroup } from '#services/logs/operations/delete-log-group.ts'
import { deleteLogStream } from '#services/logs/operations/delete-log-stream.ts'
import { deleteMetricFilter } from '#services/logs/operations/delete-metric-filter.ts'
import { deleteResourcePolicy } from '#services/logs/operations/delete-resource-policy.ts'
import { deleteRetentionPolicy } from '#services/logs/operations/delete-retention-policy.ts'
import { describeLogGroups } from '#services/logs/operations/describe-log-groups.ts'
import { describeLogStreams } from '#services/logs/operations/describe-log-streams.ts'
import { describeMetricFilters } from '#services/logs/operations/describe-metric-filters.ts'
import { describeResourcePolicies } from '#services/logs/operations/describe-resource-policies.ts'
import { filterLogEvents } from '#services/logs/operations/filter-log-events.ts'
import { getLogEvents } from '#services/logs/operations/get-log-events.ts'
import { listTagsForResource } from '#services/logs/operations/list-tags-for-resource.ts'
import { listTagsLogGroup } from '#services/logs/operations/list-tags-log-group.ts'
import { putLogEvents } from '#services/logs/operations/put-log-events.ts'
import { putLogGroupDeletionProtection } from '#services/logs/operations/put-log-group-deletion-protection.ts'
import { putMetricFilter } from '#services/logs/operations/put-metric-filter.ts'
import { putResourcePolicy } from '#services/logs/operations/put-resource-policy.ts'
import { putRetentionPolicy } from '#services/logs/operations/put-retention-policy.ts'
import { startLiveTail } from '#services/logs/operations/start-live-tail.ts'
import { tagLogGroup } from '#services/logs/operations/tag-log-group.ts'
import { tagResource } from '#services/logs/operations/tag-resource.ts'
import { testMetricFilter } from '#services/logs/operations/test-metric-filter.ts'
import { untagLogGroup } from '#services/logs/operations/untag-log-group.ts'
import { untagResource } from '#services/logs/operations/untag-resource.ts'
import { putSubscriptionFilter } from '#services/logs/operations/put-subscription-filter.ts'
import { describeSubscriptionFilters } from '#services/logs/operations/describe-subscription-filters.ts'
import { deleteSubscriptionFilter } from '#services/logs/operations/delete-subscription-filter.ts'
import { putDestination } from '#services/logs/operations/put-destination.ts'
import { putDestinationPolicy } from '#services/logs/operations/put-destination-policy.ts'
import { describeDestinations } from '#services/logs/operations/describe-destinations.ts'
import { deleteDestination } from '#services/logs/operations/delete-destination.ts'
import { associateKmsKey } from '#services/logs/operations/associate-kms-key.ts'
import { disassociateKmsKey } from '#services/logs/operations/disassociate-kms-key.ts'
import { listLogGroups } from '#services/logs/operations/list-log-groups.ts'
import { putQueryDefinition } from '#services/logs/operations/put-query-definition.ts'
import { describeQueryDefinitions } from '#services/logs/operations/describe-query-definitions.ts'
import { deleteQueryDefinition } from '#services/logs/operations/delete-query-definition.ts'
import { putAccountPolicy } from '#services/logs/operations/put-account-policy.ts'
import { describeAccountPolicies } from '#services/logs/operations/describe-account-policies.ts'
import { deleteAccountPolicy } from '#services/logs/operations/delete-account-policy.ts'
import { putDataProtectionPolicy } from '#services/logs/operations/put-data-protection-policy.ts'
import { getDataProtectionPolicy } from '#services/logs/operations/get-data-protection-policy.ts'
import { deleteDataProtectionPolicy } from '#services/logs/operations/delete-data-protection-policy.ts'
import { createExportTask } from '#services/logs/operations/create-export-task.ts'
import { describeExportTasks } from '#services/logs/operations/describe-export-tasks.ts'
import { cancelExportTask } from '#services/logs/operations/cancel-export-task.ts'
import { putDeliverySource } from '#services/logs/operations/put-delivery-source.ts'
import { getDeliverySource } from '#services/logs/operations/get-delivery-source.ts'
import { describeDeliverySources } from '#services/logs/operations/describe-delivery-sources.ts'
import { deleteDeliverySource } from '#services/logs/operations/delete-delivery-source.ts'
import { putDeliveryDestination } from '#services/logs/operations/put-delivery-destination.ts'
import { getDeliveryDestination } from '#services/logs/operations/get-delivery-destination.ts'
import { describeDeliveryDestinations } from '#services/logs/operations/describe-delivery-destinations.ts'
import { deleteDeliveryDestination } from '#services/logs/operations/delete-delivery-destination.ts'
import { putDeliveryDestinationPolicy } from '#services/logs/operations/put-delivery-destination-policy.ts'
import { getDeliveryDestinationPolicy } from '#services/logs/operations/get-delivery-destination-policy.ts'
import { deleteDeliveryDestinationPolicy } from '#services/logs/operations/delete-delivery-destination-policy.ts'
import { createDelivery } from '#services/logs/operations/create-delivery.ts'
import { getDelivery } from '#services/logs/operations/get-delivery.ts'
import { describeDeliveries } from '#services/logs/operations/describe-deliveries.ts'
import { deleteDelivery } from '#services/logs/operations/delete-delivery.ts'
import { updateDeliveryConfiguration } from '#services/logs/operations/update-delivery-configuration.ts'
import { describeConfigurationTemplates } from '#services/logs/operations/describe-configuration-templates.ts'
import { counted } from '#services/logs/metrics/counted.ts'
import { logsResourcePolicies, logsResourceTags } from '#services/logs/port.ts'
import type { Forwarder } from '#services/logs/subscriptions/forwarder.ts'
import type { LiveTails } from '#services/logs/tail/live-tails.ts'

export { type LogMetrics, logMetrics } from '#services/logs/metrics/aggregator.ts'
export { type IncomingMetrics, incomingMetrics } from '#services/logs/metrics/incoming.ts'
export type { LogsDeps } from '#services/logs/deps.ts'
export { s3ExportSink } from '#services/logs/exports/s3-sink.ts'
export { retentionSweep } from '#services/logs/retention/sweep.ts'

/** The service, and what of it runs in the background. */
export interface LogsService extends Service<'logs'> {
  /** To be resumed at start and closed at the end. Left out: there is nowhere to export to. */
  readonly exports: ExportEngine | undefined
  /** Likewise. Left out: there are no targets of subscriptions. */
  readonly forwarder: Forwarder | undefined
  /** To be closed before the requests are waited for, which live tails would hold up. */
  readonly liveTails: Pick<LiveTails, 'close'>
}

/** CloudWatch Logs: groups, streams, events, filters, policies, exports. */
export function logsService(deps: LogsDeps): LogsService {
  const parts = logsParts(deps)
  return {
    name: 'logs',
    operations: counted(
      {
        CreateLogGroup: createLogGroup(parts),
        DeleteLogGroup: deleteLogGroup(parts),
        DescribeLogGroups: describeLogGroups(parts),
        AssociateKmsKey: associateKmsKey(parts),
        DisassociateKmsKey: disassociateKmsKey(parts),
        ListLogGroups: listLogGroups(parts),
        PutLogGroupDeletionProtection: putLogGroupDeletionProtection(parts),
        PutRetentionPolicy: putRetentionPolicy(parts),
        DeleteRetentionPolicy: deleteRetentionPolicy(parts),
        CreateLogStream: createLogStream(parts),
        DeleteLogStream: deleteLogStream(parts),
        DescribeLogStreams: describeLogStreams(parts),
        PutLogEvents: putLogEvents(parts),
        GetLogEvents: getLogEvents(parts),
        FilterLogEvents: filterLogEvents(parts),
        StartLiveTail: startLiveTail(parts),
        TagResource: tagResource(parts),
        UntagResource: untagResource(parts),
        ListTagsForResource: listTagsForResource(parts),
        TagLogGroup: tagLogGroup(parts),
        UntagLogGroup: untagLogGroup(parts),
        ListTagsLogGroup: listTagsLogGroup(parts),
        PutResourcePolicy: putResourcePolicy(parts),
        DescribeResourcePolicies: describeResourcePolicies(parts),
        DeleteResourcePolicy: deleteResourcePolicy(parts),
        ...(deps.metrics && { PutMetricFilter: putMetricFilter(parts) }),
        DescribeMetricFilters: describeMetricFilters(parts),
        DeleteMetricFilter: deleteMetricFilter(parts),
        TestMetricFilter: testMetricFilter(),
        PutSubscriptionFilter: putSubscriptionFilter(parts),
        DescribeSubscriptionFilters: describeSubscriptionFilters(parts),
        DeleteSubscriptionFilter: deleteSubscriptionFilter(parts),
        PutDestination: putDestination(parts),
        PutDestinationPolicy: putDestinationPolicy(parts),
        DescribeDestinations: describeDestinations(parts),
        DeleteDestination: deleteDestination(parts),
        PutAccountPolicy: putAccountPolicy(parts),
        DescribeAccountPolicies: describeAccountPolicies(parts),
        DeleteAccountPolicy: deleteAccountPolicy(parts),
        PutDataProtectionPolicy: putDataProtectionPolicy(parts),
        GetDataProtectionPolicy: getDataProtectionPolicy(parts),
        DeleteDataProtectionPolicy: deleteDataProtectionPolicy(parts),
        CreateExportTask: createExportTask(parts),
        DescribeExportTasks: describeExportTasks(parts),
        CancelExportTask: cancelExportTask(parts),
        PutQueryDefinition: putQueryDefinition(parts),
        DescribeQueryDefinitions: describeQueryDefinitions(parts),
        DeleteQueryDefinition: deleteQueryDefinition(parts),
        PutDeliverySource: putDeliverySource(parts),
        GetDeliverySource: getDeliverySource(parts),
        DescribeDeliverySources: describeDeliverySources(parts),
        DeleteDeliverySource: deleteDeliverySource(parts),
        PutDeliveryDestination: putDeliveryDestination(parts),
        GetDeliveryDestination: getDeliveryDestination(parts),
        DescribeDeliveryDestinations: describeDeliveryDestinations(parts),
        DeleteDeliveryDestination: deleteDeliveryDestination(parts),
        PutDeliveryDestinationPolicy: putDeliveryDestinationPolicy(parts),
        GetDeliveryDestinationPolicy: getDeliveryDestinationPolicy(parts),
        DeleteDeliveryDestinationPolicy: deleteDeliveryDestinationPolicy(parts),
        CreateDelivery: createDelivery(parts),
        GetDelivery: getDelivery(parts),
        DescribeDeliveries: describeDeliveries(parts),
        DeleteDelivery: deleteDelivery(parts),
        UpdateDeliveryConfiguration: updateDeliveryConfiguration(parts),
        DescribeConfigurationTemplates: describeConfigurationTemplates(parts),
      },
      deps.incoming,
    ),
    access: offered(logsAccess(parts), deps),
    eventSource: 'logs.amazonaws.com',
    global: false,
    secrets: {},
    resourcePolicies: logsResourcePolicies(parts),
    resourceTags: logsResourceTags(parts),
    exports: parts.exports,
    forwarder: parts.forwarder,
    liveTails: parts.liveTails,
  }
}

/** Without a place for metric points PutMetricFilter answers as what is not built, instead of promising a metric. */
function offered(access: Service<'logs'>['access'], { metrics }: LogsDeps): Service<'logs'>['access'] {
  if (metrics !== undefined) return access
  const { PutMetricFilter: _withheld, ...others } = access
  return others
}
