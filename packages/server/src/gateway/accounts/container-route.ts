import type { Reply } from '@sluice/wire'
import { isAccountId } from '#kernel/ids.ts'
import type { AccountDirectory } from '#services/iam/port.ts'
import { type AdminRoute, json } from '#gateway/admin.ts'
import type { ContainerTokens } from '#gateway/accounts/container-token.ts'
import { credentialsView } from '#gateway/accounts/credentials-view.ts'
import { isFromBrowser } from '#gateway/from-browser.ts'
import { isKnownHost, isLoopbackAddress } from '#gateway/hosts.ts'
import type { GatewayRequest } from '#gateway/request.ts'

export interface ContainerDeps {
  readonly accounts: AccountDirectory
  readonly tokens: ContainerTokens
  /** The host name or address of the platform. */
  readonly host: string
}

/**
 * `GET /_sluice/credentials/<account>`: what SDKs ask at AWS_CONTAINER_CREDENTIALS_FULL_URI, with the token of
 * AWS_CONTAINER_AUTHORIZATION_TOKEN as the whole Authorization header. From this machine only, and never for a browser.
 */
export const containerRoute = ({ accounts, tokens, host }: ContainerDeps): AdminRoute => ({
  method: 'GET',
  path: '/_sluice/credentials/',
  answer: async (request, id) => {
    const refusal = refuse(request, host)
    if (refusal !== undefined) return refused(403, refusal)
    const token = request.head.headers['authorization'] ?? ''
    if (!isAccountId(id) || !tokens.isGood(id, token))
      return refused(401, 'The token is not that of this account; sluice credentials --container prints it.')
    const account = await accounts.find(id)
    if (account === undefined) return refused(404, `There is no account ${id}; sluice account create makes it.`)
    return json(200, credentialsView(await accounts.rootSession(account.id)))
  },
})

function refuse({ head, source }: GatewayRequest, host: string): string | undefined {
  if (!isLoopbackAddress(source.ip)) return 'Container credentials are given out on this machine only.'
  if (isFromBrowser(head)) return 'Container credentials are not given to a browser.'
  // The token stands where a signature would, so the check of host names let the request pass.
  return isKnownHost(head.headers['host'], host) ? undefined : 'This host name is not one of the platform.'
}

/** SDKs read `code` and `message`. */
const refused = (status: number, message: string): Reply =>
  json(status, { code: status === 404 ? 'NotFound' : 'AccessDenied', message })
