import type { OperationInput, OperationOutput } from '#kernel/call.ts'
import type { AccountId } from '#kernel/ids.ts'
import { profilesOfRole } from '#services/iam/instance-profiles.ts'
import { roleLastUsed } from '#services/iam/last-used.ts'
import type { ManagedPolicy } from '#services/iam/managed-policies.ts'
import { groupsOf } from '#services/iam/memberships.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { policiesOf } from '#services/iam/operations/policies/list-policies.ts'
import { allRecords, pageOf, startPage } from '#services/iam/paging.ts'
import { attachedView, fullVersion, inlineView, listedPolicy } from '#services/iam/policy-views.ts'
import { GROUPS, type GroupRecord, ROLES, type RoleRecord, USERS, type UserRecord } from '#services/iam/records.ts'
import { boundaryView, fullRole, fullUser, groupView, listedInstanceProfile } from '#services/iam/views.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

type Output = OperationOutput<'iam', 'GetAccountAuthorizationDetails'>
type Filter = NonNullable<OperationInput<'iam', 'GetAccountAuthorizationDetails'>['Filter']>[number]

type Item =
  | { readonly filter: 'User'; readonly name: string; readonly user: UserRecord }
  | { readonly filter: 'Group'; readonly name: string; readonly group: GroupRecord }
  | { readonly filter: 'Role'; readonly name: string; readonly role: RoleRecord }
  | {
      readonly filter: 'LocalManagedPolicy' | 'AWSManagedPolicy'
      readonly name: string
      readonly policy: ManagedPolicy
    }

/** Everything about who may do what: users, groups, roles and policies, in pages over all of them. */
export function getAccountAuthorizationDetails({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'GetAccountAuthorizationDetails'> {
  return async (input, { account }) => {
    const { Filter: filter = [] } = input
    const page = startPage(tokens, 'GetAccountAuthorizationDetails', { account, filter }, input)
    const wanted = (kind: Filter) => filter.length === 0 || filter.includes(kind)
    const items = (await itemsOf(records, account)).filter((item) => wanted(item.filter))
    const [found, end] = pageOf(page, items, (item) => `${item.filter} ${item.name}`)
    const details = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] } as MutableDetails
    for (const item of found) await addDetail(records, account, item, details)
    return { ...details, ...end }
  }
}

async function itemsOf(records: RecordStore, account: AccountId): Promise<readonly Item[]> {
  const [users, groups, roles] = await Promise.all([
    allRecords<UserRecord>(records, USERS, account),
    allRecords<GroupRecord>(records, GROUPS, account),
    allRecords<RoleRecord>(records, ROLES, account),
  ])
  const local = await policiesOf(records, account, 'Local')
  const aws = await policiesOf(records, account, 'AWS')
  return [
    ...users.map((user): Item => ({ filter: 'User', name: user.userName, user })),
    ...groups.map((group): Item => ({ filter: 'Group', name: group.groupName, group })),
    ...roles.map((role): Item => ({ filter: 'Role', name: role.roleName, role })),
    ...local.map((policy): Item => ({ filter: 'LocalManagedPolicy', name: policy.arn, policy })),
    ...aws.map((policy): Item => ({ filter: 'AWSManagedPolicy', name: policy.arn, policy })),
  ]
}

type Details = Required<Pick<Output, 'UserDetailList' | 'GroupDetailList' | 'RoleDetailList' | 'Policies'>>
type MutableDetails = { [K in keyof Details]: NonNullable<Details[K]>[number][] }

async function addDetail(records: RecordStore, account: AccountId, item: Item, details: MutableDetails): Promise<void> {
  switch (item.filter) {
    case 'User':
      details.UserDetailList.push(await userDetail(records, account, item.user))
      break
    case 'Group':
      details.GroupDetailList.push({
        ...groupView(account, item.group),
        GroupPolicyList: inlineView(item.group),
        AttachedManagedPolicies: attachedView(item.group),
      })
      break
    case 'Role':
      details.RoleDetailList.push(await roleDetail(records, account, item.role))
      break
    case 'LocalManagedPolicy':
    case 'AWSManagedPolicy':
      details.Policies.push({
        ...(await listedPolicy(records, account, item.policy)),
        PolicyVersionList: item.policy.record.versions.map((version) => fullVersion(item.policy.record, version)),
      })
      break
    default:
      item satisfies never
  }
}

async function userDetail(
  records: RecordStore,
  account: AccountId,
  user: UserRecord,
): Promise<MutableDetails['UserDetailList'][number]> {
  const { Tags, ...view } = fullUser(account, user)
  return {
    ...view,
    Tags: Tags ?? [],
    UserPolicyList: inlineView(user),
    GroupList: (await groupsOf(records, account, user)).map(({ groupName }) => groupName),
    AttachedManagedPolicies: attachedView(user),
  }
}

async function roleDetail(
  records: RecordStore,
  account: AccountId,
  role: RoleRecord,
): Promise<MutableDetails['RoleDetailList'][number]> {
  const {
    Description: _description,
    MaxSessionDuration: _duration,
    Tags,
    ...view
  } = await fullRole(records, account, role)
  const profiles = await profilesOfRole(records, account, role)
  return {
    ...view,
    ...boundaryView(role),
    Tags: Tags ?? [],
    InstanceProfileList: await Promise.all(profiles.map((profile) => listedInstanceProfile(records, account, profile))),
    RolePolicyList: inlineView(role),
    AttachedManagedPolicies: attachedView(role),
    RoleLastUsed: await roleLastUsed(records, account, role),
  }
}
