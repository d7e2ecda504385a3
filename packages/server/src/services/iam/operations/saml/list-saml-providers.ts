import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { allRecords } from '#services/iam/paging.ts'
import { SAML_PROVIDERS, type SamlProviderRecord, samlProviderArn } from '#services/iam/saml-providers.ts'

/** Every provider of the account. */
export function listSamlProviders({ records }: Pick<IamDeps, 'records'>): IamHandler<'ListSAMLProviders'> {
  return async (_input, { account }) => {
    const providers = await allRecords<SamlProviderRecord>(records, SAML_PROVIDERS, account)
    return {
      SAMLProviderList: providers.map(({ name, createdAt, validUntil }) => ({
        Arn: samlProviderArn(account, name),
        CreateDate: createdAt,
        ValidUntil: validUntil,
      })),
    }
  }
}
