import type { Service } from '#kernel/service.ts'
import { cloudtrailAccess } from '#services/cloudtrail/actions.ts'
import { type LookupDeps, lookupEvents } from '#services/cloudtrail/operations/lookup-events.ts'

/** CloudTrail: event history. */
export const cloudtrailService = (deps: LookupDeps): Service<'cloudtrail'> => ({
  name: 'cloudtrail',
  operations: { LookupEvents: lookupEvents(deps) },
  access: cloudtrailAccess,
  eventSource: 'cloudtrail.amazonaws.com',
  global: false,
  secrets: {},
})
