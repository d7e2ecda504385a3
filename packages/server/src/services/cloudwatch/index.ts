import type { Clock } from '#kernel/clock.ts'
import type { Service } from '#kernel/service.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { cloudwatchAccess } from '#services/cloudwatch/actions.ts'
import { parseAlarmArn } from '#services/cloudwatch/alarms/alarm.ts'
import { Alarms } from '#services/cloudwatch/alarms/alarms.ts'
import type { ActionWays } from '#services/cloudwatch/alarms/announce.ts'
import { AlarmEvaluator } from '#services/cloudwatch/alarms/evaluator.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import { disableAlarmActions, enableAlarmActions } from '#services/cloudwatch/operations/alarm-actions.ts'
import { deleteAlarms } from '#services/cloudwatch/operations/delete-alarms.ts'
import { describeAlarmHistory } from '#services/cloudwatch/operations/describe-alarm-history.ts'
import { describeAlarmsForMetric } from '#services/cloudwatch/operations/describe-alarms-for-metric.ts'
import { describeAlarms } from '#services/cloudwatch/operations/describe-alarms.ts'
import { getMetricData } from '#services/cloudwatch/operations/get-metric-data.ts'
import { getMetricStatistics } from '#services/cloudwatch/operations/get-metric-statistics.ts'
import { listMetrics } from '#services/cloudwatch/operations/list-metrics.ts'
import { putMetricAlarm } from '#services/cloudwatch/operations/put-metric-alarm.ts'
import { putMetricData } from '#services/cloudwatch/operations/put-metric-data.ts'
import { setAlarmState } from '#services/cloudwatch/operations/set-alarm-state.ts'
import { listTagsForResource, tagResource, untagResource } from '#services/cloudwatch/operations/tags-of-alarms.ts'

/** CloudWatch: metrics, and alarms on them. */
export interface Cloudwatch {
  readonly service: Service<'cloudwatch'>
  /** Watches over the alarms once it is started and run. */
  readonly evaluator: AlarmEvaluator
  /** Removes what is kept no longer of alarms that were deleted. */
  sweep(): Promise<void>
}

/** What the service is made of. */
export interface CloudwatchParts extends Omit<CloudwatchDeps, 'alarms'>, ActionWays {
  readonly clock: Clock
  readonly telemetry: Telemetry
}

/** Builds the service; its evaluator does nothing until it is started. */
export function cloudwatchService(parts: CloudwatchParts): Cloudwatch {
  const alarms = new Alarms(parts.records, parts.clock)
  const deps: CloudwatchDeps = { ...parts, alarms }
  return {
    evaluator: new AlarmEvaluator({ ...parts, alarms }),
    sweep: () => alarms.sweep(),
    service: {
      name: 'cloudwatch',
      operations: {
        PutMetricData: putMetricData(deps),
        GetMetricData: getMetricData(deps),
        GetMetricStatistics: getMetricStatistics(deps),
        ListMetrics: listMetrics(deps),
        PutMetricAlarm: putMetricAlarm(deps),
        DescribeAlarms: describeAlarms(deps),
        DescribeAlarmsForMetric: describeAlarmsForMetric(deps),
        DescribeAlarmHistory: describeAlarmHistory(deps),
        DeleteAlarms: deleteAlarms(deps),
        SetAlarmState: setAlarmState(deps),
        EnableAlarmActions: enableAlarmActions(deps),
        DisableAlarmActions: disableAlarmActions(deps),
        TagResource: tagResource(deps),
        UntagResource: untagResource(deps),
        ListTagsForResource: listTagsForResource(deps),
      },
      access: cloudwatchAccess,
      eventSource: 'monitoring.amazonaws.com',
      global: false,
      secrets: {},
      resourceTags: async ({ resource }) => {
        const arn = parseAlarmArn(resource)
        return arn === undefined ? [] : ((await alarms.find(arn.place, arn.name))?.tags ?? [])
      },
    },
  }
}
