import { changeEntity } from '#services/iam/entity.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { readProviderDocument, refuseEncryption, samlProviderArn, samlProviders } from '#services/iam/saml-providers.ts'

/** New metadata: from the next assertion on only its certificates count. */
export function updateSamlProvider({ records }: Pick<IamDeps, 'records'>): IamHandler<'UpdateSAMLProvider'> {
  return async (input, { account }) => {
    const { SAMLMetadataDocument: document } = input
    refuseEncryption(input)
    const { name } = await changeEntity(records, samlProviders, account, input.SAMLProviderArn, (provider) =>
      document === undefined
        ? undefined
        : { value: { ...provider, ...readProviderDocument(document, provider.createdAt) } },
    )
    return { SAMLProviderArn: samlProviderArn(account, name) }
  }
}
