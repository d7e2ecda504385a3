import type { AccountId } from '#kernel/ids.ts'
import { checkName } from '#services/iam/checks.ts'
import type { EntityKind } from '#services/iam/entity.ts'
import { type Noun, iamErrors } from '#services/iam/errors.ts'
import { MAX_GROUP_POLICY_CHARS, MAX_ROLE_POLICY_CHARS, MAX_USER_POLICY_CHARS } from '#services/iam/limits.ts'
import {
  type GroupRecord,
  type IdentityRecord,
  type RoleRecord,
  type UserRecord,
  groupKey,
  roleKey,
  userKey,
} from '#services/iam/records.ts'
import type { RecordKey, RecordStore, StoredRecord } from '#stores/records/record-store.ts'

/** A sort of thing that policies are attached to. */
export interface IdentityKind<R extends IdentityRecord, M extends string> extends EntityKind<R, M> {
  readonly noun: Noun
  readonly nameOf: (record: R) => string
  /** The unique id. */
  readonly idOf: (record: R) => string
  /** Most characters of all inline policies together. */
  readonly inlineChars: number
  /** AWS's name of the quota of attached policies. */
  readonly attachedQuota: string
}

export const users: IdentityKind<UserRecord, 'UserName'> = identityKind({
  member: 'UserName',
  noun: 'user',
  nameOf: (user) => user.userName,
  idOf: (user) => user.userId,
  keyOf: userKey,
  inlineChars: MAX_USER_POLICY_CHARS,
  attachedQuota: 'PoliciesPerUser',
})

export const groups: IdentityKind<GroupRecord, 'GroupName'> = identityKind({
  member: 'GroupName',
  noun: 'group',
  nameOf: (group) => group.groupName,
  idOf: (group) => group.groupId,
  keyOf: groupKey,
  inlineChars: MAX_GROUP_POLICY_CHARS,
  attachedQuota: 'PoliciesPerGroup',
})

export const roles: IdentityKind<RoleRecord, 'RoleName'> = identityKind({
  member: 'RoleName',
  noun: 'role',
  nameOf: (role) => role.roleName,
  idOf: (role) => role.roleId,
  keyOf: roleKey,
  inlineChars: MAX_ROLE_POLICY_CHARS,
  attachedQuota: 'PoliciesPerRole',
  checkModifiable: (role) => {
    if (isServiceLinked(role)) throw iamErrors.unmodifiable(role.roleName)
  },
})

/** Only the service it is for changes such a role. */
export const isServiceLinked = ({ path }: Pick<RoleRecord, 'path'>): boolean => path.startsWith('/aws-service-role/')

/** `userName`, as messages write `UserName`. */
const memberName = (member: string): string => `${member.charAt(0).toLowerCase()}${member.slice(1)}`

function identityKind<R extends IdentityRecord, M extends string>(
  facts: Omit<IdentityKind<R, M>, 'require'> & { readonly keyOf: (account: AccountId, name: string) => RecordKey },
): IdentityKind<R, M> {
  return {
    ...facts,
    async require(records, account, name) {
      checkName(memberName(facts.member), name)
      const found = await findNamed<R>(records, facts.keyOf(account, name), name, facts.nameOf)
      if (found === undefined) throw iamErrors.notFound(facts.noun, name)
      return found
    },
  }
}

/**
 * The record of exactly this name. `BOB` does not find `bob`, although the two cannot exist side by side: policies compare
 * names with case, so a lookup without case would reach a user past a Deny on its ARN.
 */
export async function findNamed<R>(
  records: RecordStore,
  key: RecordKey,
  name: string,
  nameOf: (record: R) => string,
): Promise<StoredRecord<R> | undefined> {
  const found = await records.get<R>(key)
  return found !== undefined && nameOf(found.value) === name ? found : undefined
}

/** The user of exactly this name. */
export const findUser = (
  records: RecordStore,
  account: AccountId,
  userName: string,
): Promise<StoredRecord<UserRecord> | undefined> =>
  findNamed(records, userKey(account, userName), userName, users.nameOf)

/** The role of exactly this name. */
export const findRole = (
  records: RecordStore,
  account: AccountId,
  roleName: string,
): Promise<StoredRecord<RoleRecord> | undefined> =>
  findNamed(records, roleKey(account, roleName), roleName, roles.nameOf)
