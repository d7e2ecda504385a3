import { retryConflicts } from '#services/iam/entity.ts'
import { oidcProviders } from '#services/iam/oidc-providers.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** Roles that name the provider stay, and trust nobody through it. */
export function deleteOpenIdConnectProvider({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'DeleteOpenIDConnectProvider'> {
  return async (input, { account }) => {
    await retryConflicts(async () => {
      const { key, revision } = await oidcProviders.require(records, account, input.OpenIDConnectProviderArn)
      await records.commit([{ kind: 'delete', key, expect: revision }])
    })
    return {}
  }
}
