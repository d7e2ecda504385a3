import type { DataCalls } from '#audit/audit.ts'
import type { Service } from '#kernel/service.ts'
import { cloudtrailAccess } from '#services/cloudtrail/actions.ts'
import { trailRef } from '#services/cloudtrail/arns.ts'
import { type CloudTrailDeps, cloudtrailParts } from '#services/cloudtrail/deps.ts'
import { Courier, type CourierDeps } from '#services/cloudtrail/delivery/courier.ts'
import { LogsDelivery } from '#services/cloudtrail/delivery/logs-delivery.ts'
import { addTags } from '#services/cloudtrail/operations/add-tags.ts'
import { createTrail } from '#services/cloudtrail/operations/create-trail.ts'
import { deleteTrail } from '#services/cloudtrail/operations/delete-trail.ts'
import { describeTrails } from '#services/cloudtrail/operations/describe-trails.ts'
import { getEventConfiguration } from '#services/cloudtrail/operations/get-event-configuration.ts'
import { getEventSelectors } from '#services/cloudtrail/operations/get-event-selectors.ts'
import { getInsightSelectors } from '#services/cloudtrail/operations/get-insight-selectors.ts'
import { getTrail } from '#services/cloudtrail/operations/get-trail.ts'
import { getTrailStatus } from '#services/cloudtrail/operations/get-trail-status.ts'
import { listInsightsData } from '#services/cloudtrail/operations/list-insights-data.ts'
import { listInsightsMetricData } from '#services/cloudtrail/operations/list-insights-metric-data.ts'
import { listPublicKeys } from '#services/cloudtrail/operations/list-public-keys.ts'
import { listTags } from '#services/cloudtrail/operations/list-tags.ts'
import { listTrails } from '#services/cloudtrail/operations/list-trails.ts'
import { lookupEvents } from '#services/cloudtrail/operations/lookup-events.ts'
import { organizationAdmins } from '#services/cloudtrail/operations/organization-admins.ts'
import { putEventConfiguration } from '#services/cloudtrail/operations/put-event-configuration.ts'
import { putEventSelectors } from '#services/cloudtrail/operations/put-event-selectors.ts'
import { putInsightSelectors } from '#services/cloudtrail/operations/put-insight-selectors.ts'
import { removeTags } from '#services/cloudtrail/operations/remove-tags.ts'
import { resourcePolicies } from '#services/cloudtrail/operations/resource-policies.ts'
import { startLogging } from '#services/cloudtrail/operations/start-logging.ts'
import { stopLogging } from '#services/cloudtrail/operations/stop-logging.ts'
import { DataSelection } from '#services/cloudtrail/selectors/data-selection.ts'
import { updateTrail } from '#services/cloudtrail/operations/update-trail.ts'

export type { CloudTrailDeps } from '#services/cloudtrail/deps.ts'

/** CloudTrail: event history, trails, and who brings their files to their buckets. */
export interface CloudTrail {
  readonly service: Service<'cloudtrail'>
  /** For the courier, the ways to other parts: they are there once the gateway is. */
  courier(ways: Pick<CourierDeps, 'call' | 'telemetry'>): Courier
  /** Brings events to the log groups of trails, once it is started. */
  readonly logsDelivery: LogsDelivery
  /** Which data calls its trails select. */
  readonly dataCalls: DataCalls
}

/** Builds CloudTrail on its records and the API journal. */
export function cloudtrailService(deps: CloudTrailDeps): CloudTrail {
  const parts = cloudtrailParts(deps)
  const service: Service<'cloudtrail'> = {
    name: 'cloudtrail',
    operations: {
      CreateTrail: createTrail(parts),
      UpdateTrail: updateTrail(parts),
      DeleteTrail: deleteTrail(parts),
      GetTrail: getTrail(parts),
      DescribeTrails: describeTrails(parts),
      ListTrails: listTrails(parts),
      StartLogging: startLogging(parts),
      StopLogging: stopLogging(parts),
      GetTrailStatus: getTrailStatus(parts),
      PutEventSelectors: putEventSelectors(parts),
      GetEventSelectors: getEventSelectors(parts),
      PutInsightSelectors: putInsightSelectors(parts),
      GetInsightSelectors: getInsightSelectors(parts),
      PutEventConfiguration: putEventConfiguration(parts),
      GetEventConfiguration: getEventConfiguration(parts),
      ListInsightsData: listInsightsData(parts),
      ListInsightsMetricData: listInsightsMetricData(parts),
      ...resourcePolicies,
      ...organizationAdmins,
      AddTags: addTags(parts),
      RemoveTags: removeTags(parts),
      ListTags: listTags(parts),
      ListPublicKeys: listPublicKeys(parts),
      LookupEvents: lookupEvents(parts),
    },
    access: cloudtrailAccess,
    eventSource: 'cloudtrail.amazonaws.com',
    global: false,
    secrets: {},
    resourceTags: async ({ resource }, scope) => {
      if (!/:trail\/[^*]+$/.test(resource)) return []
      return (await parts.trails.find(trailRef(resource, scope), scope))?.tags ?? []
    },
  }
  return {
    service,
    courier: (ways) => new Courier({ ...parts, ...ways }),
    logsDelivery: new LogsDelivery(parts),
    dataCalls: new DataSelection(parts.trails),
  }
}
