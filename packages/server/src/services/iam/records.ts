import { type AccountId, type EpochMillis, GLOBAL_REGION } from '#kernel/ids.ts'
import type { Tag } from '#kernel/principal.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

/** What can be tagged. */
export interface Tagged {
  readonly tags?: readonly Tag[]
}

/** What users, groups and roles have in common. Records of the first release lack what is optional. */
export interface IdentityRecord extends Tagged {
  /** Begins and ends with `/`. */
  readonly path: string
  readonly createdAt: EpochMillis
  /** Inline policies: name → document as it was given. */
  readonly policies: Readonly<Record<string, string>>
  /** ARNs of the managed policies attached, in the order of attaching. */
  readonly attached?: readonly string[]
  /** ARN of the managed policy that is the permissions boundary. */
  readonly boundary?: string
}

/**
 * An IAM user, in collection `iam.user`, by name in lower case: names are unique without case.
 * Everything that belongs to a user changes its record too, so that a user cannot be deleted while something is added.
 */
export interface UserRecord extends IdentityRecord {
  readonly userName: string
  /** `AIDA…` */
  readonly userId: string
  readonly tags: readonly Tag[]
  /** In order of creation; each has a record of its own. */
  readonly accessKeyIds: readonly string[]
  /** Ids of the groups it is in, in the order of joining. */
  readonly groupIds?: readonly string[]
  readonly login?: LoginRecord
  /** Serial numbers of the MFA devices enabled for it. */
  readonly mfaDevices?: readonly string[]
}

/** A user's password, which is never kept itself. */
export interface LoginRecord {
  readonly createdAt: EpochMillis
  readonly resetRequired: boolean
  readonly changedAt: EpochMillis
  /** scrypt hashes, newest first: the one in force, and earlier ones that may not come again. */
  readonly hashes: readonly string[]
}

/** A group, in collection `iam.group`, by name in lower case; {@link MembershipRecord}s say who is in it. */
export interface GroupRecord extends IdentityRecord {
  readonly groupName: string
  /** `AGPA…` */
  readonly groupId: string
}

/** A role, in collection `iam.role`, by name in lower case. */
export interface RoleRecord extends IdentityRecord {
  readonly roleName: string
  /** `AROA…` */
  readonly roleId: string
  /** The trust policy as it was given. */
  readonly trust: string
  /** ARNs of users and roles in the trust policy → the unique ids they had when it was put. */
  readonly trusted?: Readonly<Record<string, string>>
  readonly description?: string
  /** Seconds. */
  readonly maxSessionDuration?: number
  /** Names of the instance profiles that hold it. */
  readonly instanceProfiles?: readonly string[]
}

/** That a user is in a group, in collection `iam.membership` by `<group id>/<user name in lower case>`. */
export interface MembershipRecord {
  readonly userName: string
}

/** A customer managed policy, in collection `iam.policy`, by name in lower case. */
export interface PolicyRecord extends Tagged {
  readonly policyName: string
  /** `ANPA…` */
  readonly policyId: string
  readonly path: string
  readonly description?: string
  readonly createdAt: EpochMillis
  readonly updatedAt: EpochMillis
  readonly defaultVersionId: string
  /** In the order of creation. */
  readonly versions: readonly PolicyVersionRecord[]
  /** The number of the next version; numbers are never used again. */
  readonly nextVersion: number
}

export interface PolicyVersionRecord {
  /** `v1`, `v2`, … */
  readonly versionId: string
  readonly document: string
  readonly createdAt: EpochMillis
}

/**
 * That a managed policy is used, in collection `iam.attachment` by `<policy ARN> <use> <kind> <name in lower case>`:
 * the way from a policy to those it is attached to.
 */
export interface AttachmentRecord {
  readonly use: PolicyUse
  readonly kind: 'user' | 'group' | 'role'
  readonly name: string
  readonly id: string
}
export type PolicyUse = 'policy' | 'boundary'

/** An instance profile, in collection `iam.instance-profile`, by name in lower case. */
export interface InstanceProfileRecord extends Tagged {
  readonly profileName: string
  /** `AIPA…` */
  readonly profileId: string
  readonly path: string
  readonly createdAt: EpochMillis
  readonly roleName?: string
}

/** An account, in collection `iam.account`; made when something about it is first kept or asked. */
export interface AccountRecord {
  readonly createdAt: EpochMillis
  /** Keys of the root user. */
  readonly accessKeyIds: readonly string[]
  readonly alias?: string
  readonly passwordPolicy?: PasswordPolicyRecord
  /** Serial numbers of the MFA devices enabled for the root user. */
  readonly mfaDevices?: readonly string[]
  /** Left out: 1. */
  readonly globalEndpointTokenVersion?: 1 | 2
}

export interface PasswordPolicyRecord {
  readonly minimumLength: number
  readonly symbols: boolean
  readonly numbers: boolean
  readonly upperCase: boolean
  readonly lowerCase: boolean
  readonly usersMayChange: boolean
  /** Days; left out: passwords never expire. */
  readonly maxAge?: number
  /** How many earlier passwords may not come again. */
  readonly reusePrevention?: number
  readonly hardExpiry?: boolean
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

/** A policy's document. `undefined`: there is none of that name. */
export const inlinePolicy = ({ policies }: Pick<IdentityRecord, 'policies'>, policyName: string): string | undefined =>
  Object.hasOwn(policies, policyName) ? policies[policyName] : undefined

const keyIn =
  (collection: string) =>
  (account: AccountId, id: string): RecordKey => ({ collection, account, region: GLOBAL_REGION, id })
/** Equal for names that differ in case only. */
const namedIn =
  (collection: string) =>
  (account: AccountId, name: string): RecordKey =>
    keyIn(collection)(account, name.toLowerCase())

/** The collection of {@link UserRecord}. */
export const USERS = 'iam.user'
/** The collection of {@link GroupRecord}. */
export const GROUPS = 'iam.group'
/** The collection of {@link RoleRecord}. */
export const ROLES = 'iam.role'
/** The collection of {@link PolicyRecord}. */
export const POLICIES = 'iam.policy'
/** The collection of {@link InstanceProfileRecord}. */
export const INSTANCE_PROFILES = 'iam.instance-profile'
/** The collection of {@link MembershipRecord}. */
export const MEMBERSHIPS = 'iam.membership'
/** The collection of {@link AttachmentRecord}. */
export const ATTACHMENTS = 'iam.attachment'

export const userKey: (account: AccountId, userName: string) => RecordKey = namedIn(USERS)
export const groupKey: (account: AccountId, groupName: string) => RecordKey = namedIn(GROUPS)
export const roleKey: (account: AccountId, roleName: string) => RecordKey = namedIn(ROLES)
export const policyKey: (account: AccountId, policyName: string) => RecordKey = namedIn(POLICIES)
export const instanceProfileKey: (account: AccountId, name: string) => RecordKey = namedIn(INSTANCE_PROFILES)
/** From a group's id to its name, in a record `{groupName}`. */
export const groupIdKey: (account: AccountId, groupId: string) => RecordKey = keyIn('iam.group-id')
export const membershipKey = (account: AccountId, groupId: string, userName: string): RecordKey =>
  keyIn(MEMBERSHIPS)(account, `${groupId}/${userName.toLowerCase()}`)
export const attachmentKey = (
  account: AccountId,
  policyArn: string,
  { use, kind, name }: Omit<AttachmentRecord, 'id'>,
): RecordKey => keyIn(ATTACHMENTS)(account, `${policyArn} ${use} ${kind} ${name.toLowerCase()}`)
/** The account's own record. */
export const accountKey = (account: AccountId): RecordKey => keyIn('iam.account')(account, 'root')
/** `account` is the one inside the id. */
export const accessKeyKey: (account: AccountId, accessKeyId: string) => RecordKey = keyIn('iam.access-key')

/** What binds a sealed secret to its record. */
export const secretContext = (account: AccountId, accessKeyId: string): string =>
  `iam.access-key/${account}/${accessKeyId}`
