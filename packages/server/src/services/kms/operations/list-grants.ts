import type { KmsParts } from '#services/kms/deps.ts'
import { checkGrantId } from '#services/kms/grants/end-grant.ts'
import { type Grant, granteePrefix } from '#services/kms/grants/grant-record.ts'
import { grantView } from '#services/kms/grants/grant-view.ts'
import { granteeOf } from '#services/kms/grants/read-grant.ts'
import { PAGE } from '#services/kms/limits.ts'
import { pageOf } from '#services/kms/paging.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** The grants of a key, or those to one principal, or one. */
export const listGrants =
  ({ grants, targets, tokens }: KmsParts): KmsHandler<'ListGrants'> =>
  async (input, ctx) => {
    const { GrantId: grantId } = input
    if (grantId !== undefined) checkGrantId(grantId)
    const grantee = granteeOf(input)
    const { key } = await targets.of(input, input.KeyId, ctx, 'ListGrants')
    const prefix = `${key.keyId}/${grantId ?? (grantee === undefined ? '' : granteePrefix(grantee))}`
    const { items, rest } = await pageOf<Grant>(tokens, input, {
      operation: 'ListGrants',
      parameters: { key: key.arn, grantId: grantId ?? '', grantee: grantee ?? '' },
      standard: PAGE.grants,
      list: (after, limit) => grants.list(key.place, { prefix, limit, ...(after === undefined ? {} : { after }) }),
      position: (grant) => `${grant.keyId}/${grant.grantId}`,
      wanted: (grant) =>
        (grantId === undefined || grant.grantId === grantId) && (grantee === undefined || grant.grantee === grantee),
    })
    return { Grants: items.map((grant) => grantView(grant, key.arn)), ...rest }
  }
