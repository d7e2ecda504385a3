import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { LIST_PAGE } from '#services/cloudtrail/limits.ts'
import { pageOf } from '#services/cloudtrail/paging.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** The keys with which digests of this region can be verified that were written in a time; left out: now. */
export const listPublicKeys =
  ({ keys, tokens }: Pick<CloudTrailParts, 'keys' | 'tokens'>): CloudTrailHandler<'ListPublicKeys'> =>
  async ({ StartTime, EndTime, NextToken }, ctx) => {
    const from = StartTime ?? EndTime ?? ctx.now
    const to = EndTime ?? Math.max(from, ctx.now)
    if (from > to) throw cloudtrailErrors.invalidTimeRange()
    const valid = (await keys.published(ctx)).filter((key) => key.validFrom <= to && key.validTo >= from)
    const scope = { account: ctx.account, region: ctx.region, StartTime, EndTime }
    const { items, next } = pageOf(valid, ({ fingerprint }) => fingerprint, {
      tokens,
      operation: 'ListPublicKeys',
      scope,
      token: NextToken,
      size: LIST_PAGE,
    })
    return {
      PublicKeyList: items.map(({ publicKey, validFrom, validTo, fingerprint }) => ({
        Value: Buffer.from(publicKey, 'base64'),
        ValidityStartTime: validFrom,
        ValidityEndTime: validTo,
        Fingerprint: fingerprint,
      })),
      ...(next === undefined ? {} : { NextToken: next }),
    }
  }
