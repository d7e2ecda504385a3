import type { OperationInput } from '#kernel/call.ts'
import type { AccountId } from '#kernel/ids.ts'
import { checkPathPrefix } from '#services/iam/checks.ts'
import { requireManagedPolicy } from '#services/iam/managed-policies.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOf, startPage } from '#services/iam/paging.ts'
import { usesOf } from '#services/iam/policy-usage.ts'
import { type AttachmentRecord, type IdentityRecord, groupKey, roleKey, userKey } from '#services/iam/records.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

type Input = OperationInput<'iam', 'ListEntitiesForPolicy'>

const KEYS = { user: userKey, group: groupKey, role: roleKey } as const
const FILTERS = { user: 'User', group: 'Group', role: 'Role' } as const

/** Who uses a policy: groups, roles and users, in this order. */
export function listEntitiesForPolicy({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListEntitiesForPolicy'> {
  return async (input, { account }) => {
    const { PolicyArn: arn, EntityFilter, PathPrefix: pathPrefix = '/', PolicyUsageFilter } = input
    checkPathPrefix(pathPrefix)
    await requireManagedPolicy(records, account, arn)
    const asked = { account, arn, EntityFilter, pathPrefix, PolicyUsageFilter }
    const page = startPage(tokens, 'ListEntitiesForPolicy', asked, input)
    const uses = await usesOf(records, account, arn, useOf(input))
    const named = uses.filter(({ value }) => isAsked(input, value)).map(({ value }) => value)
    const wanted = await underPathOf(records, account, named, pathPrefix)
    const [found, end] = pageOf(page, wanted, ({ kind, name, use }) => `${kind} ${name.toLowerCase()} ${use}`)
    const of = (kind: AttachmentRecord['kind']) => found.filter((one) => one.kind === kind)
    return {
      PolicyGroups: of('group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      PolicyUsers: of('user').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyRoles: of('role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      ...end,
    }
  }
}

const useOf = ({ PolicyUsageFilter, EntityFilter }: Input): AttachmentRecord['use'] | undefined =>
  PolicyUsageFilter === 'PermissionsBoundary'
    ? 'boundary'
    : PolicyUsageFilter === 'PermissionsPolicy' || EntityFilter !== undefined
      ? 'policy'
      : undefined

const isAsked = ({ EntityFilter }: Input, { kind }: AttachmentRecord): boolean =>
  EntityFilter === undefined || EntityFilter === FILTERS[kind]

async function underPathOf(
  records: RecordStore,
  account: AccountId,
  uses: readonly AttachmentRecord[],
  pathPrefix: string,
): Promise<readonly AttachmentRecord[]> {
  if (pathPrefix === '/') return uses
  const found = await Promise.all(uses.map(({ kind, name }) => records.get<IdentityRecord>(KEYS[kind](account, name))))
  return uses.filter((_use, index) => found[index]?.value.path.startsWith(pathPrefix) === true)
}
