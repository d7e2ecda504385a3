import type { OperationOutput } from '#kernel/call.ts'
import type { AccountId, EpochMillis } from '#kernel/ids.ts'
import { groupArn, instanceProfileArn, roleArn, rootArn, userArn } from '#services/iam/arns.ts'
import { findRole } from '#services/iam/identities.ts'
import { DEFAULT_SESSION_SECONDS } from '#services/iam/limits.ts'
import { encodeDocument } from '#services/iam/policy-document.ts'
import type {
  GroupRecord,
  IdentityRecord,
  InstanceProfileRecord,
  RoleRecord,
  Tagged,
  UserRecord,
} from '#services/iam/records.ts'
import { shownTrust } from '#services/iam/trust.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

type User = OperationOutput<'iam', 'GetUser'>['User']
type Group = OperationOutput<'iam', 'GetGroup'>['Group']
type Role = OperationOutput<'iam', 'GetRole'>['Role']
type InstanceProfile = OperationOutput<'iam', 'GetInstanceProfile'>['InstanceProfile']

/** `Tags`, where there are any. */
export const tagsView = ({ tags = [] }: Tagged): Pick<User, 'Tags'> => (tags.length === 0 ? {} : { Tags: tags })

/** `PermissionsBoundary`, where there is one. */
export const boundaryView = ({ boundary }: Pick<IdentityRecord, 'boundary'>): Pick<User, 'PermissionsBoundary'> =>
  boundary === undefined
    ? {}
    : {
        PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: boundary },
      }

/** A user as lists show it: without tags and boundary. */
export const listedUser = (account: AccountId, user: UserRecord): User => ({
  Path: user.path,
  UserName: user.userName,
  UserId: user.userId,
  Arn: userArn(account, user.path, user.userName),
  CreateDate: user.createdAt,
})

/** A user as CreateUser and GetUser show it. */
export const fullUser = (account: AccountId, user: UserRecord): User => ({
  ...listedUser(account, user),
  ...boundaryView(user),
  ...tagsView(user),
})

/** The root user. AWS answers neither a path nor a name for it, although the model requires both. */
export const rootUser = (account: AccountId, createdAt: EpochMillis): User => {
  const known: Pick<User, 'UserId' | 'Arn' | 'CreateDate'> = {
    UserId: account,
    Arn: rootArn(account),
    CreateDate: createdAt,
  }
  return known as User
}

export const groupView = (account: AccountId, group: GroupRecord): Group => ({
  Path: group.path,
  GroupName: group.groupName,
  GroupId: group.groupId,
  Arn: groupArn(account, group.path, group.groupName),
  CreateDate: group.createdAt,
})

/** A role as lists show it: without tags, boundary and last use. */
export async function listedRole(records: RecordStore, account: AccountId, role: RoleRecord): Promise<Role> {
  return {
    Path: role.path,
    RoleName: role.roleName,
    RoleId: role.roleId,
    Arn: roleArn(account, role.path, role.roleName),
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodeDocument(await shownTrust(records, role)),
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSessionDuration ?? DEFAULT_SESSION_SECONDS,
  }
}

/** A role as CreateRole and GetRole show it. */
export const fullRole = async (records: RecordStore, account: AccountId, role: RoleRecord): Promise<Role> => ({
  ...(await listedRole(records, account, role)),
  ...boundaryView(role),
  ...tagsView(role),
})

/** An instance profile as lists show it: without tags. */
export async function listedInstanceProfile(
  records: RecordStore,
  account: AccountId,
  profile: InstanceProfileRecord,
): Promise<InstanceProfile> {
  const role = profile.roleName === undefined ? undefined : await findRole(records, account, profile.roleName)
  return {
    Path: profile.path,
    InstanceProfileName: profile.profileName,
    InstanceProfileId: profile.profileId,
    Arn: instanceProfileArn(account, profile.path, profile.profileName),
    CreateDate: profile.createdAt,
    Roles: role === undefined ? [] : [await listedRole(records, account, role.value)],
  }
}
