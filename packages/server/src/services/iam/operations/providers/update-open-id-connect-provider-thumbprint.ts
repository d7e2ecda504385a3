import { changeEntity } from '#services/iam/entity.ts'
import { checkThumbprints, oidcProviders } from '#services/iam/oidc-providers.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** Replaces the whole list. */
export function updateOpenIdConnectProviderThumbprint({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'UpdateOpenIDConnectProviderThumbprint'> {
  return async (input, { account }) => {
    const thumbprints = checkThumbprints(input.ThumbprintList)
    await changeEntity(records, oidcProviders, account, input.OpenIDConnectProviderArn, (provider) => ({
      value: { ...provider, thumbprints },
    }))
    return {}
  }
}
