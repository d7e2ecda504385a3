import type { Service } from '#kernel/service.ts'

/** @source STS API reference: GetCallerIdentity needs no permission, and a Deny does not stop it */
export const stsAccess: Service<'sts'>['access'] = {
  GetCallerIdentity: { category: 'management', readOnly: true, checks: 'none' },
}
