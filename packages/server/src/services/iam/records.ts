import { type AccountId, type EpochMillis, GLOBAL_REGION } from '#kernel/ids.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

/**
 * An IAM user with its inline policies, in collection `iam.user`, by name in lower case: names are unique without case.
 * Everything that belongs to a user changes its record too, so that a user cannot be deleted while something is added.
 */
export interface UserRecord {
  readonly userName: string
  /** `AIDA…` */
  readonly userId: string
  /** Begins and ends with `/`. */
  readonly path: string
  readonly createdAt: EpochMillis
  readonly tags: readonly { readonly Key: string; readonly Value: string }[]
  /** In order of creation; each has a record of its own. */
  readonly accessKeyIds: readonly string[]
  /** Inline policies: name → document as it was given. */
  readonly policies: Readonly<Record<string, string>>
}

/** An account's root user, in collection `iam.account`; made when something about it is first kept or asked. */
export interface AccountRecord {
  readonly createdAt: EpochMillis
  readonly accessKeyIds: readonly string[]
}

/** An access key, in collection `iam.access-key` by its id. */
export interface AccessKeyRecord {
  readonly owner: AccessKeyOwner
  readonly status: 'Active' | 'Inactive'
  readonly createdAt: EpochMillis
  /** Sealed with {@link secretContext}. */
  readonly sealedSecret: string
}

export type AccessKeyOwner =
  | { readonly kind: 'root' }
  | { readonly kind: 'user'; readonly userName: string; readonly userId: string }

/** A role, in collection `iam.role`, by name in lower case. */
export interface RoleRecord {
  readonly roleName: string
  /** `AROA…` */
  readonly roleId: string
  readonly path: string
  readonly createdAt: EpochMillis
  /** The trust policy as it was given. */
  readonly trust: string
  /** Inline policies: name → document as it was given. */
  readonly policies: Readonly<Record<string, string>>
}

/** A policy's document. `undefined`: there is none of that name. */
export const inlinePolicy = ({ policies }: Pick<UserRecord, 'policies'>, policyName: string): string | undefined =>
  Object.hasOwn(policies, policyName) ? policies[policyName] : undefined

const keyIn =
  (collection: string) =>
  (account: AccountId, id: string): RecordKey => ({ collection, account, region: GLOBAL_REGION, id })

/** The collection of {@link UserRecord}. */
export const USERS = 'iam.user'
const keyOfUser = keyIn(USERS)
const keyOfRole = keyIn('iam.role')
const keyOfAccount = keyIn('iam.account')

/** Equal for names that differ in case only. */
export const userKey = (account: AccountId, userName: string): RecordKey => keyOfUser(account, userName.toLowerCase())
/** Equal for names that differ in case only. */
export const roleKey = (account: AccountId, roleName: string): RecordKey => keyOfRole(account, roleName.toLowerCase())
/** The root user's record. */
export const accountKey = (account: AccountId): RecordKey => keyOfAccount(account, 'root')
/** `account` is the one inside the id. */
export const accessKeyKey: (account: AccountId, accessKeyId: string) => RecordKey = keyIn('iam.access-key')

/** What binds a sealed secret to its record. */
export const secretContext = (account: AccountId, accessKeyId: string): string =>
  `iam.access-key/${account}/${accessKeyId}`

/** `path` begins and ends with a slash. */
export const userArn = (account: AccountId, path: string, userName: string): string =>
  `arn:aws:iam::${account}:user${path}${userName}`
/** `path` begins and ends with a slash. */
export const roleArn = (account: AccountId, path: string, roleName: string): string =>
  `arn:aws:iam::${account}:role${path}${roleName}`
export const rootArn = (account: AccountId): string => `arn:aws:iam::${account}:root`
