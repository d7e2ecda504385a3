import { retryConflicts } from '#services/iam/entity.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { samlProviders } from '#services/iam/saml-providers.ts'

/** Roles that name the provider stay, and trust nobody through it. */
export function deleteSamlProvider({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteSAMLProvider'> {
  return async (input, { account }) => {
    await retryConflicts(async () => {
      const { key, revision } = await samlProviders.require(records, account, input.SAMLProviderArn)
      await records.commit([{ kind: 'delete', key, expect: revision }])
    })
    return {}
  }
}
