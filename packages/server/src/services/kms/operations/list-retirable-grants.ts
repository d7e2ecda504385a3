import { keyArn } from '#services/kms/arns.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import type { Grant } from '#services/kms/grants/grant-record.ts'
import { grantView } from '#services/kms/grants/grant-view.ts'
import { retiringOf } from '#services/kms/grants/read-grant.ts'
import { PAGE } from '#services/kms/limits.ts'
import { pageOf } from '#services/kms/paging.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** The grants of the account in the region that a principal may retire. */
export const listRetirableGrants =
  ({ grants, tokens }: KmsParts): KmsHandler<'ListRetirableGrants'> =>
  async (input, ctx) => {
    const retiring = retiringOf(input)
    if (retiring === undefined) throw kmsErrors.missing('retiringPrincipal')
    const { items, rest } = await pageOf<Grant>(tokens, input, {
      operation: 'ListRetirableGrants',
      parameters: { account: ctx.account, region: ctx.region, retiring },
      standard: PAGE.grants,
      list: (after, limit) => grants.list(ctx, { limit, ...(after === undefined ? {} : { after }) }),
      position: (grant) => `${grant.keyId}/${grant.grantId}`,
      wanted: (grant) => grant.retiring === retiring,
    })
    return { Grants: items.map((grant) => grantView(grant, keyArn(ctx, grant.keyId))), ...rest }
  }
