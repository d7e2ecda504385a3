import type { Handler } from '#kernel/call.ts'
import { changeEntity } from '#services/iam/entity.ts'
import { checkClientIds, oidcProviders } from '#services/iam/oidc-providers.ts'
import type { IamDeps, NoOutput } from '#services/iam/operation.ts'

interface Input {
  readonly OpenIDConnectProviderArn: string
  readonly ClientID: string
}

const changeClientIds =
  (
    { records }: Pick<IamDeps, 'records'>,
    next: (clientIds: readonly string[], id: string) => readonly string[],
  ): Handler<Input, NoOutput> =>
  async ({ OpenIDConnectProviderArn: arn, ClientID: id }, { account }) => {
    await changeEntity(records, oidcProviders, account, arn, (provider) => ({
      value: { ...provider, clientIds: checkClientIds(next(provider.clientIds, id)) },
    }))
    return {}
  }

/** Tokens for this client id are taken too. */
export const addClientId = (deps: Pick<IamDeps, 'records'>): Handler<Input, NoOutput> =>
  changeClientIds(deps, (clientIds, id) => [...clientIds, id])

/** Tokens for this client id are not taken any more; one that is not there is passed over. */
export const removeClientId = (deps: Pick<IamDeps, 'records'>): Handler<Input, NoOutput> =>
  changeClientIds(deps, (clientIds, id) => clientIds.filter((kept) => kept !== id))
