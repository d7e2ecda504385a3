import { checkTags } from '#services/iam/checks.ts'
import { checkQuota, createEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import {
  MAX_PROVIDERS,
  OIDC_PROVIDERS,
  type OidcProviderRecord,
  checkClientIds,
  checkThumbprints,
  issuerOf,
  oidcProviderArn,
  oidcProviderKey,
} from '#services/iam/oidc-providers.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { tagsView } from '#services/iam/views.ts'

const QUOTA = { collection: OIDC_PROVIDERS, quota: 'OpenIdConnectProvidersPerAccount', most: MAX_PROVIDERS } as const

/** A provider whose tokens AssumeRoleWithWebIdentity takes, for the client ids named. */
export function createOpenIdConnectProvider({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'CreateOpenIDConnectProvider'> {
  return async (input, { account, now }) => {
    const { Url: url, ClientIDList = [], ThumbprintList = [], Tags: tags = [] } = input
    checkTags(tags)
    const issuer = issuerOf(url)
    const provider: OidcProviderRecord = {
      issuer,
      createdAt: wholeSecond(now),
      clientIds: checkClientIds(ClientIDList),
      thumbprints: checkThumbprints(ThumbprintList),
      tags,
    }
    await checkQuota(records, account, QUOTA)
    await createEntity(records, oidcProviderKey(account, issuer), provider, () => iamErrors.oidcExists(url))
    return { OpenIDConnectProviderArn: oidcProviderArn(account, issuer), ...tagsView(provider) }
  }
}
