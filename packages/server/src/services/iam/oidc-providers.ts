import { type AccountId, type EpochMillis, GLOBAL_REGION } from '#kernel/ids.ts'
import { parseIamArn } from '#services/iam/arns.ts'
import type { EntityKind } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { Tagged } from '#services/iam/records.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

/** An OpenID Connect provider whose tokens the account trusts, in collection `iam.oidc-provider` by host and path. */
export interface OidcProviderRecord extends Tagged {
  /** Host and path, without scheme, as policies name it. */
  readonly issuer: string
  readonly createdAt: EpochMillis
  readonly clientIds: readonly string[]
  /** SHA-1 of certificates, hexadecimal, in lower case. */
  readonly thumbprints: readonly string[]
}

export const OIDC_PROVIDERS = 'iam.oidc-provider'
export const oidcProviderKey = (account: AccountId, issuer: string): RecordKey => ({
  collection: OIDC_PROVIDERS,
  account,
  region: GLOBAL_REGION,
  id: issuer,
})
export const oidcProviderArn = (account: AccountId, issuer: string): string =>
  `arn:aws:iam::${account}:oidc-provider/${issuer}`

/** Providers, by ARN. */
export const oidcProviders: EntityKind<OidcProviderRecord, 'OpenIDConnectProviderArn'> = {
  member: 'OpenIDConnectProviderArn',
  async require(records, account, arn) {
    const parsed = parseIamArn(arn)
    const found =
      parsed?.type === 'oidc-provider' && parsed.account === account
        ? await records.get<OidcProviderRecord>(oidcProviderKey(account, parsed.rest))
        : undefined
    if (found === undefined) throw iamErrors.oidcNotFound(arn)
    return found
  },
}

/** Host and path of a provider's URL. @throws AwsError ValidationError */
export function issuerOf(url: string): string {
  const parsed = URL.parse(url)
  if (parsed?.protocol !== 'https:' || parsed.search !== '' || parsed.hash !== '' || parsed.username !== '')
    throw iamErrors.badUrl()
  return `${parsed.host}${parsed.pathname}`.replace(/\/+$/, '')
}

const THUMBPRINT = /^[0-9a-f]{40}$/i

/** @throws AwsError ValidationError, LimitExceeded */
export function checkThumbprints(thumbprints: readonly string[]): readonly string[] {
  if (thumbprints.length > MAX_THUMBPRINTS)
    throw iamErrors.quotaExceeded('ThumbprintsPerOpenIdConnectProvider', MAX_THUMBPRINTS)
  if (!thumbprints.every((text) => THUMBPRINT.test(text))) throw iamErrors.badThumbprint()
  return thumbprints.map((text) => text.toLowerCase())
}

/** @throws AwsError LimitExceeded */
export function checkClientIds(clientIds: readonly string[]): readonly string[] {
  if (clientIds.length > MAX_CLIENT_IDS)
    throw iamErrors.quotaExceeded('ClientIdsPerOpenIdConnectProvider', MAX_CLIENT_IDS)
  return [...new Set(clientIds)]
}

export const MAX_PROVIDERS = 100
const MAX_THUMBPRINTS = 5
const MAX_CLIENT_IDS = 100
