import { cachedPolicy } from '@sluice/policy'
import type { RootKey } from '#kernel/config.ts'
import { type AccountId, isAccountId } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Sealer } from '#kernel/secrets.ts'
import type { AttachedPolicy, IdentityPort } from '#kernel/service.ts'
import { accountOfAccessKeyId } from '#services/iam/iam-ids.ts'
import {
  type AccessKeyOwner,
  type AccessKeyRecord,
  type RoleRecord,
  accessKeyKey,
  roleArn,
  roleKey,
  rootArn,
  secretContext,
  userArn,
} from '#services/iam/records.ts'
import { DEFAULT_ACCOUNT, WELL_KNOWN_KEY, WELL_KNOWN_SECRET, rootKeyTable } from '#services/iam/root-keys.ts'
import { findUser } from '#services/iam/users.ts'
import type { RecordStore, StoredRecord } from '#stores/records/record-store.ts'

export { loadOrCreateRootKey } from '#services/iam/root-keys.ts'

export interface IdentityDeps {
  readonly records: RecordStore
  readonly sealer: Sealer
  /** Configured and generated root keys; they come before everything else. */
  readonly rootKeys: readonly RootKey[]
  /** Whether only this machine can reach the platform; then `test` and 12-digit key ids are root, with secret `test`. */
  readonly loopback: boolean
}

const ROLE_ARN = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]{1,64})$/

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

  const findRole = async (arn: string): Promise<StoredRecord<RoleRecord> | undefined> => {
    const [, account = '', roleName = ''] = ROLE_ARN.exec(arn) ?? []
    if (!isAccountId(account)) return undefined
    const found = await records.get<RoleRecord>(roleKey(account, roleName))
    // The path is part of the ARN but not of the key.
    return found !== undefined && roleArn(account, found.value.path, found.value.roleName) === arn ? found : undefined
  }

  return {
    async credentials(accessKeyId) {
      const root = rootSecret(accessKeyId)
      if (root !== undefined) return { principal: rootPrincipal(root.account, accessKeyId), secret: root.secret }
      const account = accountOfAccessKeyId(accessKeyId)
      if (account === undefined) return undefined
      const found = await records.get<AccessKeyRecord>(accessKeyKey(account, accessKeyId))
      if (found?.value.status !== 'Active') return undefined
      const principal = await ownerPrincipal(records, account, accessKeyId, found.value.owner)
      if (principal === undefined) return undefined
      return { principal, secret: sealer.open(found.value.sealedSecret, secretContext(account, accessKeyId)) }
    },

    async identityPolicies(principal) {
      if (principal.kind === 'user') {
        const user = await findUser(records, principal.account, principal.userName)
        // Another user of the same name has other permissions.
        return user?.value.userId === principal.userId ? inlinePolicies(user.value.policies) : []
      }
      if (principal.kind === 'role') {
        const role = await findRole(principal.roleArn)
        return role?.value.roleId === principal.roleId ? inlinePolicies(role.value.policies) : []
      }
      return []
    },

    async role(arn) {
      const found = await findRole(arn)
      if (found === undefined) return undefined
      const { roleName, roleId, trust } = found.value
      const account = found.key.account as AccountId
      return {
        roleName,
        roleId,
        account,
        trust: { name: 'AssumeRolePolicyDocument', arn, policy: cachedPolicy(trust, 'trust') },
      }
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

/** A document that cannot be read ends the request: leaving one out could leave out a Deny. */
const inlinePolicies = (policies: Readonly<Record<string, string>>): readonly AttachedPolicy[] =>
  Object.entries(policies).map(([name, text]) => ({ name, policy: cachedPolicy(text, 'identity') }))
