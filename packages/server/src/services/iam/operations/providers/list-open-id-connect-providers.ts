import { OIDC_PROVIDERS, type OidcProviderRecord, oidcProviderArn } from '#services/iam/oidc-providers.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { allRecords } from '#services/iam/paging.ts'

/** Every provider of the account. */
export function listOpenIdConnectProviders({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'ListOpenIDConnectProviders'> {
  return async (_input, { account }) => {
    const providers = await allRecords<OidcProviderRecord>(records, OIDC_PROVIDERS, account)
    return { OpenIDConnectProviderList: providers.map(({ issuer }) => ({ Arn: oidcProviderArn(account, issuer) })) }
  }
}
