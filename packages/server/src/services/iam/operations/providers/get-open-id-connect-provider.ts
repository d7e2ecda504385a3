import { oidcProviders } from '#services/iam/oidc-providers.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { tagsView } from '#services/iam/views.ts'

/** A provider as it was made. */
export function getOpenIdConnectProvider({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'GetOpenIDConnectProvider'> {
  return async (input, { account }) => {
    const { value } = await oidcProviders.require(records, account, input.OpenIDConnectProviderArn)
    return {
      Url: value.issuer,
      ClientIDList: value.clientIds,
      ThumbprintList: value.thumbprints,
      CreateDate: value.createdAt,
      ...tagsView(value),
    }
  }
}
