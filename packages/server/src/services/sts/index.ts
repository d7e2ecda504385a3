import type { Service } from '#kernel/service.ts'
import { stsAccess } from '#services/sts/actions.ts'
import { getCallerIdentity } from '#services/sts/operations/get-caller-identity.ts'

/** STS: who the caller is. */
export const stsService = (): Service<'sts'> => ({
  name: 'sts',
  operations: { GetCallerIdentity: getCallerIdentity },
  access: stsAccess,
  eventSource: 'sts.amazonaws.com',
  // As with AWS's regional endpoints, calls are recorded in the region they were signed for.
  global: false,
  secrets: {},
})
