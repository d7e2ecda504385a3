import { isDeepStrictEqual } from 'node:util'
import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun } from '#services/kms/dry-run.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import type { GrantRecord } from '#services/kms/grants/grant-record.ts'
import { readGrant } from '#services/kms/grants/read-grant.ts'
import { grantToken } from '#services/kms/grants/token.ts'
import { recordOf } from '#services/kms/keys/key-record.ts'
import { requireEnabled } from '#services/kms/keys/state.ts'
import { MAX_GRANTS } from '#services/kms/limits.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** Lets a principal use the key; it counts from the next request on. A named grant that is asked for again is the same grant. */
export const createGrant =
  ({ keys, grants, targets, vault }: KmsParts): KmsHandler<'CreateGrant'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'CreateGrant')
    requireEnabled(key)
    const record: GrantRecord = { ...readGrant(input, key), issuer: ctx.account, createdAt: ctx.now }
    endDryRun(input)
    const { place, keyId } = key
    const earlier =
      record.name === undefined
        ? undefined
        : await grants.first(place, keyId, [record.grantee], (grant) => sameGrant(grant, record))
    const grantId = earlier?.grantId ?? grants.newId(record.grantee)
    if (earlier === undefined)
      await keys.change(key, ctx.now, (now) => {
        requireEnabled(now)
        if (now.grants >= MAX_GRANTS)
          throw kmsErrors.limit(`The key has reached its limit of ${String(MAX_GRANTS)} grants.`)
        return {
          record: { ...recordOf(now), grants: now.grants + 1 },
          also: [grants.creation(place, keyId, grantId, record)],
        }
      })
    return { GrantId: grantId, GrantToken: grantToken(vault, { place, keyId, grantId }) }
  }

const sameGrant = (a: GrantRecord, b: GrantRecord): boolean =>
  a.name === b.name &&
  a.retiring === b.retiring &&
  a.issuer === b.issuer &&
  isDeepStrictEqual(a.operations, b.operations) &&
  isDeepStrictEqual(a.constraints, b.constraints)
