import type { Service } from '#kernel/service.ts'

/** @source AWS service authorization reference, CloudTrail: LookupEvents has no resource */
export const cloudtrailAccess: Service<'cloudtrail'>['access'] = {
  LookupEvents: {
    category: 'management',
    readOnly: true,
    checks: () => [{ action: 'cloudtrail:LookupEvents', resource: '*' }],
  },
}
