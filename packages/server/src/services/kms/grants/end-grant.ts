import type { EpochMillis } from '#kernel/ids.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { type Key, recordOf } from '#services/kms/keys/key-record.ts'

/** Ends a grant; it no longer counts for the next request. @throws AwsError NotFoundException */
export async function endGrant(
  { keys, grants }: Pick<KmsParts, 'keys' | 'grants'>,
  key: Key,
  grantId: string,
  at: EpochMillis,
): Promise<void> {
  const { place, keyId } = key
  await keys.change(key, at, async (now) => {
    if ((await grants.find(place, keyId, grantId)) === undefined) throw kmsErrors.grantNotFound(grantId)
    return {
      record: { ...recordOf(now), grants: Math.max(0, now.grants - 1) },
      also: [grants.removal(place, keyId, grantId)],
    }
  })
}

const GRANT_ID = /^[0-9a-f]{1,128}$/

/** @throws AwsError InvalidGrantIdException for what no grant is called */
export function checkGrantId(grantId: string): void {
  if (!GRANT_ID.test(grantId)) throw kmsErrors.grantId()
}
