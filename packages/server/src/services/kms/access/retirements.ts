import type { AccessCheck } from '#kernel/service.ts'
import type { Grant } from '#services/kms/grants/grant-record.ts'

/** Which grant a check of RetireGrant is about: the grant itself says who may give it back. */
export interface Retirements {
  note(check: AccessCheck, grant: Grant): void
  of(check: AccessCheck): Grant | undefined
}

/** Forgets a grant with its check. */
export function retirementsOfChecks(): Retirements {
  const grants = new WeakMap<AccessCheck, Grant>()
  return {
    note: (check, grant) => {
      grants.set(check, grant)
    },
    of: (check) => grants.get(check),
  }
}
