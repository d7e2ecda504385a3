import type { AccountId, EpochMillis } from '#kernel/ids.ts'
import type { Sealer } from '#kernel/secrets.ts'
import type { AttachedPolicy } from '#kernel/service.ts'
import { parseIamArn } from '#services/iam/arns.ts'
import { accountOfAccessKeyId } from '#services/iam/iam-ids.ts'
import { DEFAULT_SESSION_SECONDS } from '#services/iam/limits.ts'
import { findManagedPolicy } from '#services/iam/managed-policies.ts'
import { type OidcProviderRecord, oidcProviderArn, oidcProviderKey } from '#services/iam/oidc-providers.ts'
import type { RoleRecord } from '#services/iam/records.ts'
import { roleOfArn } from '#services/iam/role-of-arn.ts'
import type { SamlMetadata } from '#services/iam/saml-metadata.ts'
import { type SamlProviderRecord, samlProviderArn, samlProviderKey } from '#services/iam/saml-providers.ts'
import { type GivenCode, isGoodCode, takeCode } from '#services/iam/mfa-codes.ts'
import { type IssuedSession, type NewSession, issueSession } from '#services/iam/sessions.ts'
import { trustPolicy } from '#services/iam/trust.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** A role as STS needs it. */
export interface AssumableRole extends Pick<RoleRecord, 'roleName' | 'roleId' | 'tags'> {
  readonly account: AccountId
  /** Seconds. */
  readonly maxSessionDuration: number
  readonly trust: AttachedPolicy
}

/** A provider whose tokens an account trusts. */
export interface TrustedProvider extends Pick<OidcProviderRecord, 'clientIds' | 'thumbprints'> {
  readonly arn: string
}

/** A SAML provider whose responses an account trusts. */
export interface TrustedSamlProvider extends Pick<SamlMetadata, 'entityId' | 'certificates'> {
  readonly arn: string
  readonly name: string
  readonly validUntil: EpochMillis
}

/** What STS asks IAM. */
export interface SessionPort {
  /** `undefined`: no such role. */
  role(roleArn: string): Promise<AssumableRole | undefined>
  /** Whether the account can use a managed policy. */
  hasPolicy(account: AccountId, policyArn: string): Promise<boolean>
  /** Makes temporary credentials. */
  issue(session: NewSession): Promise<IssuedSession>
  /** The provider of an account, by issuer: host and path without scheme. `undefined`: the account trusts none. */
  oidcProvider(account: AccountId, issuer: string): Promise<TrustedProvider | undefined>
  /** The SAML provider of an account, by ARN. `undefined`: the account has none of it. */
  samlProvider(account: AccountId, arn: string): Promise<TrustedSamlProvider | undefined>
  /** Whether a code is good as second factor. */
  isGoodCode(given: GivenCode): Promise<boolean>
  /** Takes a code, which is then worth nothing any more. `false`: it is not good. */
  takeCode(given: GivenCode): Promise<boolean>
  /** The account inside an access key id. */
  accountOf(accessKeyId: string): AccountId | undefined
}

export const sessionPort = ({
  records,
  sealer,
}: {
  readonly records: RecordStore
  readonly sealer: Sealer
}): SessionPort => ({
  async role(arn) {
    const found = await roleOfArn(records, arn)
    if (found === undefined) return undefined
    const { roleName, roleId, tags = [], maxSessionDuration = DEFAULT_SESSION_SECONDS } = found.value
    const trust = trustPolicy(arn, found.value)
    return { roleName, roleId, tags, maxSessionDuration, account: found.key.account as AccountId, trust }
  },
  hasPolicy: async (account, arn) => (await findManagedPolicy(records, account, arn)) !== undefined,
  issue: (session) => issueSession(records, sealer, session),
  async oidcProvider(account, issuer) {
    const found = await records.get<OidcProviderRecord>(oidcProviderKey(account, issuer))
    return found && { ...found.value, arn: oidcProviderArn(account, issuer) }
  },
  async samlProvider(account, arn) {
    const parsed = parseIamArn(arn)
    if (parsed?.type !== 'saml-provider' || parsed.account !== account) return undefined
    const found = await records.get<SamlProviderRecord>(samlProviderKey(account, parsed.rest))
    if (found === undefined || samlProviderArn(account, found.value.name) !== arn) return undefined
    const { name, validUntil, metadata } = found.value
    return { ...metadata, arn, name, validUntil }
  },
  isGoodCode: (given) => isGoodCode(records, sealer, given),
  takeCode: (given) => takeCode(records, sealer, given),
  accountOf: accountOfAccessKeyId,
})
