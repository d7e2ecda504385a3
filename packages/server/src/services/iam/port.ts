import type { RootKey } from '#kernel/config.ts'
import { type AccountId, isAccountId } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Sealer } from '#kernel/secrets.ts'
import type { IdentityPort } from '#kernel/service.ts'
import { accountOfGivenKey } from '#services/iam/given-keys.ts'
import { accountOfAccessKeyId } from '#services/iam/iam-ids.ts'
import { rootArn, userArn } from '#services/iam/arns.ts'
import { findUser } from '#services/iam/identities.ts'
import { lastUsedNotes } from '#services/iam/last-used.ts'
import { principalProfile } from '#services/iam/principal-policies.ts'
import { type AccessKeyOwner, type AccessKeyRecord, accessKeyKey, secretContext } from '#services/iam/records.ts'
import { DEFAULT_ACCOUNT, WELL_KNOWN_KEY, WELL_KNOWN_SECRET, rootKeyTable } from '#services/iam/root-keys.ts'
import { roleOfArn } from '#services/iam/role-of-arn.ts'
import { findSession } from '#services/iam/sessions.ts'
import { trustPolicy } from '#services/iam/trust.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

export { type AccountDirectory, accountDirectory } from '#services/iam/account-directory.ts'
export { loadOrCreateRootKey } from '#services/iam/root-keys.ts'
export {
  type AssumableRole,
  type SessionPort,
  type TrustedProvider,
  type TrustedSamlProvider,
  sessionPort,
} from '#services/iam/session-port.ts'

export interface IdentityDeps {
  readonly records: RecordStore
  readonly sealer: Sealer
  /** Configured and generated root keys; they come before everything else. */
  readonly rootKeys: readonly RootKey[]
  /** Whether only this machine can reach the platform; then `test` and 12-digit key ids are root, with secret `test`. */
  readonly loopback: boolean
}

/**
 * What the gate asks IAM. Nothing is remembered between calls: each answer is read from the records, so a change holds for the next request.
 * @throws Error in one sentence for root keys that cannot be used
 */
export function identityPort({ records, sealer, rootKeys, loopback }: IdentityDeps): IdentityPort {
  const table = rootKeyTable(rootKeys, loopback)

  const rootSecret = (accessKeyId: string): Omit<RootKey, 'accessKeyId'> | undefined => {
    const configured = table.get(accessKeyId)
    if (configured !== undefined || !loopback) return configured
    if (accessKeyId === WELL_KNOWN_KEY) return { account: DEFAULT_ACCOUNT, secret: WELL_KNOWN_SECRET }
    return isAccountId(accessKeyId) ? { account: accessKeyId, secret: WELL_KNOWN_SECRET } : undefined
  }

  return {
    async credentials(accessKeyId) {
      const root = rootSecret(accessKeyId)
      if (root !== undefined) return { principal: rootPrincipal(root.account, accessKeyId), secret: root.secret }
      const account = accountOfAccessKeyId(accessKeyId) ?? (await accountOfGivenKey(records, accessKeyId))
      if (account === undefined) return undefined
      if (accessKeyId.startsWith('ASIA')) return findSession(records, sealer, account, accessKeyId)
      const found = await records.get<AccessKeyRecord>(accessKeyKey(account, accessKeyId))
      if (found?.value.status !== 'Active') return undefined
      const principal = await ownerPrincipal(records, account, accessKeyId, found.value.owner)
      if (principal === undefined) return undefined
      return { principal, secret: sealer.open(found.value.sealedSecret, secretContext(account, accessKeyId)) }
    },

    profile: (principal) => principalProfile(records, principal),
    keyUsed: lastUsedNotes(records),

    async role(arn) {
      const found = await roleOfArn(records, arn)
      if (found === undefined) return undefined
      const { roleName, roleId, tags = [] } = found.value
      const account = found.key.account as AccountId
      return { roleName, roleId, account, tags, trust: trustPolicy(arn, found.value) }
    },
  }
}

const rootPrincipal = (account: AccountId, accessKeyId: string): Principal => ({
  kind: 'root',
  account,
  arn: rootArn(account),
  accessKeyId,
})

async function ownerPrincipal(
  records: RecordStore,
  account: AccountId,
  accessKeyId: string,
  owner: AccessKeyOwner,
): Promise<Principal | undefined> {
  if (owner.kind === 'root') return rootPrincipal(account, accessKeyId)
  const user = await findUser(records, account, owner.userName)
  if (user?.value.userId !== owner.userId) return undefined
  const { path, userName, userId } = user.value
  return { kind: 'user', account, arn: userArn(account, path, userName), accessKeyId, userName, userId }
}
