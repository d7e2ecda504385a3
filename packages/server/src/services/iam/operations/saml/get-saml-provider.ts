import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { samlProviders } from '#services/iam/saml-providers.ts'
import { tagsView } from '#services/iam/views.ts'

/** A provider with its metadata as it was given. */
export function getSamlProvider({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetSAMLProvider'> {
  return async (input, { account }) => {
    const { value } = await samlProviders.require(records, account, input.SAMLProviderArn)
    return {
      SAMLProviderUUID: value.uuid,
      SAMLMetadataDocument: value.document,
      CreateDate: value.createdAt,
      ValidUntil: value.validUntil,
      ...tagsView(value),
    }
  }
}
