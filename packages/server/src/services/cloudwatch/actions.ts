import type { Service } from '#kernel/service.ts'

/**
 * Who may call what. Metrics have no ARNs that policies name; writing can be narrowed to namespaces.
 * @source AWS service authorization reference, CloudWatch; CloudWatch user guide, logging API calls with CloudTrail
 */
export const cloudwatchAccess: Service<'cloudwatch'>['access'] = {
  PutMetricData: {
    category: 'data',
    readOnly: false,
    checks: ({ Namespace }) => [
      { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': Namespace } },
    ],
  },
  GetMetricData: {
    category: 'data',
    readOnly: true,
    checks: () => [{ action: 'cloudwatch:GetMetricData', resource: '*' }],
  },
  GetMetricStatistics: {
    category: 'management',
    readOnly: true,
    checks: () => [{ action: 'cloudwatch:GetMetricStatistics', resource: '*' }],
  },
  ListMetrics: {
    category: 'management',
    readOnly: true,
    checks: () => [{ action: 'cloudwatch:ListMetrics', resource: '*' }],
  },
}
