import type { Clock } from '#kernel/clock.ts'
import { AwsError } from '#kernel/errors.ts'
import { type AccountId, accountId } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import type { IdentityPort } from '#kernel/service.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { AccountDirectory } from '#services/iam/port.ts'
import { type AdminRoute, json } from '#gateway/admin.ts'
import { SIGNED_AS } from '#gateway/admin-caller.ts'
import type { ContainerTokens } from '#gateway/accounts/container-token.ts'
import { credentialsView } from '#gateway/accounts/credentials-view.ts'
import { isFromBrowser } from '#gateway/from-browser.ts'
import type { GatewayRequest } from '#gateway/request.ts'
import { verify } from '#gateway/verify.ts'

export interface AccountRoutesDeps {
  readonly accounts: AccountDirectory
  readonly tokens: ContainerTokens
  readonly identity: IdentityPort
  readonly clock: Clock
  readonly telemetry: Telemetry
}

/** The platform's own account: its root user runs the platform. */
const OPERATOR = accountId('000000000000')
const PATH = '/_sluice/accounts'

/**
 * Accounts are made and listed by whoever runs the platform: the root user of account 000000000000. What an account's
 * containers need, and credentials for a while, its own root user may ask for as well. All signed as calls to mq.
 */
export const accountRoutes = (deps: AccountRoutesDeps): readonly AdminRoute[] => [
  {
    method: 'GET',
    path: PATH,
    answer: async (request) => {
      await requireRoot(request, deps, OPERATOR)
      return json(200, { accounts: await deps.accounts.list() })
    },
  },
  {
    method: 'POST',
    path: PATH,
    answer: async (request) => {
      await requireRoot(request, deps, OPERATOR)
      const { id, name, accessKeyId, secret } = readBody(request.body)
      if ((accessKeyId === undefined) !== (secret === undefined)) throw badBody()
      const made = await deps.accounts.create({
        id: id ?? '',
        ...(name === undefined ? {} : { name }),
        ...(accessKeyId === undefined || secret === undefined ? {} : { key: { accessKeyId, secret } }),
      })
      deps.telemetry.log.info({ event: 'account_created', account: made.id, accessKeyId: made.accessKeyId })
      return json(201, made)
    },
  },
  {
    method: 'GET',
    path: `${PATH}/`,
    answer: async (request, id) => {
      const account = await requireOwner(request, deps, id)
      return json(200, { ...account, containerToken: deps.tokens.of(account.id) })
    },
  },
  {
    method: 'POST',
    path: `${PATH}/`,
    answer: async (request, rest) => {
      const [id = '', what, ...more] = rest.split('/')
      if (what !== 'credentials' || more.length > 0) return json(404, { message: 'There is nothing at this path.' })
      const account = await requireOwner(request, deps, id)
      deps.telemetry.log.info({ event: 'account_credentials_issued', account: account.id })
      return json(200, credentialsView(await deps.accounts.rootSession(account.id)))
    },
  },
]

/** Whose root user asks; the same denial whether the account exists or not. */
async function requireOwner(request: GatewayRequest, deps: AccountRoutesDeps, id: string) {
  const principal = await rootCaller(request, deps)
  if (principal.account !== OPERATOR && principal.account !== id) throw denied()
  const account = await deps.accounts.find(id)
  if (account === undefined) throw new AwsError('NotFoundException', 404, `There is no account ${id}.`)
  return account
}

async function requireRoot(request: GatewayRequest, deps: AccountRoutesDeps, account: AccountId): Promise<void> {
  if ((await rootCaller(request, deps)).account !== account) throw denied()
}

/** @throws AwsError for anybody but a root user, and for browsers */
async function rootCaller(request: GatewayRequest, { identity, clock }: AccountRoutesDeps): Promise<Principal> {
  if (isFromBrowser(request.head)) throw new AwsError('AccessDenied', 403, 'Accounts are not managed from a browser.')
  const { principal } = await verify(SIGNED_AS, request, identity, { clock })
  if (principal.kind !== 'root') throw denied()
  return principal
}

const denied = (): AwsError =>
  new AwsError(
    'AccessDenied',
    403,
    'Only the root user of account 000000000000, who runs the platform, may do this; the root user of an account may ask about that account.',
  )

const MEMBERS = ['id', 'name', 'accessKeyId', 'secret'] as const

const badBody = (): AwsError =>
  new AwsError(
    'BadRequestException',
    400,
    'The body is {"id": twelve digits, "name"?: text, and both or none of "accessKeyId" and "secret"}.',
  )

function readBody(body: Uint8Array): { readonly [M in (typeof MEMBERS)[number]]?: string } {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    throw badBody()
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badBody()
  for (const [name, member] of Object.entries(value))
    if (typeof member !== 'string' || !MEMBERS.some((known) => known === name)) throw badBody()
  return value
}
