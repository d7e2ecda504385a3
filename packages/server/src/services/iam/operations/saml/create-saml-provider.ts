import { newUuid } from '#kernel/ids.ts'
import { checkTags } from '#services/iam/checks.ts'
import { checkQuota, createEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import {
  MAX_SAML_PROVIDERS,
  SAML_PROVIDERS,
  type SamlProviderRecord,
  readProviderDocument,
  refuseEncryption,
  samlProviderArn,
  samlProviderKey,
} from '#services/iam/saml-providers.ts'
import { tagsView } from '#services/iam/views.ts'

const QUOTA = { collection: SAML_PROVIDERS, quota: 'SAMLProvidersPerAccount', most: MAX_SAML_PROVIDERS } as const
const NAME = /^[\w.-]{1,128}$/

/** A provider whose assertions AssumeRoleWithSAML takes. */
export function createSamlProvider({ records }: Pick<IamDeps, 'records'>): IamHandler<'CreateSAMLProvider'> {
  return async (input, { account, now }) => {
    const { Name: name, SAMLMetadataDocument: document, Tags: tags = [] } = input
    if (!NAME.test(name)) throw iamErrors.badName('name')
    checkTags(tags)
    refuseEncryption(input)
    const createdAt = wholeSecond(now)
    const provider: SamlProviderRecord = {
      name,
      uuid: newUuid(),
      createdAt,
      tags,
      ...readProviderDocument(document, createdAt),
    }
    await checkQuota(records, account, QUOTA)
    await createEntity(records, samlProviderKey(account, name), provider, () => iamErrors.samlExists(name))
    return { SAMLProviderArn: samlProviderArn(account, name), ...tagsView(provider) }
  }
}
