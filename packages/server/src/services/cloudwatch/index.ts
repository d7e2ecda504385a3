import type { Service } from '#kernel/service.ts'
import { cloudwatchAccess } from '#services/cloudwatch/actions.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import { getMetricData } from '#services/cloudwatch/operations/get-metric-data.ts'
import { getMetricStatistics } from '#services/cloudwatch/operations/get-metric-statistics.ts'
import { listMetrics } from '#services/cloudwatch/operations/list-metrics.ts'
import { putMetricData } from '#services/cloudwatch/operations/put-metric-data.ts'

/** CloudWatch: metrics. */
export const cloudwatchService = (deps: CloudwatchDeps): Service<'cloudwatch'> => ({
  name: 'cloudwatch',
  operations: {
    PutMetricData: putMetricData(deps),
    GetMetricData: getMetricData(deps),
    GetMetricStatistics: getMetricStatistics(deps),
    ListMetrics: listMetrics(deps),
  },
  access: cloudwatchAccess,
  eventSource: 'monitoring.amazonaws.com',
  global: false,
  secrets: {},
})
