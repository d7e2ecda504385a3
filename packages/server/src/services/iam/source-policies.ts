import { cachedPolicy } from '@sluice/policy'
import type { AccountId } from '#kernel/ids.ts'
import { parseIamArn } from '#services/iam/arns.ts'
import type { Noun } from '#services/iam/errors.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { groups, roles, users } from '#services/iam/identities.ts'
import { defaultVersion, findManagedPolicy, isAwsManaged } from '#services/iam/managed-policies.ts'
import { groupsOf } from '#services/iam/memberships.ts'
import type { GroupRecord, IdentityRecord } from '#services/iam/records.ts'
import type { SimulatedPolicy } from '#services/iam/simulation.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** Whose policies an operation is about. */
export interface PolicySource {
  readonly noun: Noun
  readonly name: string
  readonly id: string
  readonly record: IdentityRecord
  /** Groups of a user. */
  readonly groups: readonly GroupRecord[]
}

/** The user, group or role of an ARN. @throws AwsError InvalidInput, NoSuchEntity */
export async function requireSource(records: RecordStore, account: AccountId, arn: string): Promise<PolicySource> {
  const parsed = parseIamArn(arn)
  if (parsed === undefined || parsed.account !== account) throw iamErrors.badEntityArn(arn)
  const { name, type } = parsed
  if (type === 'user') {
    const { value } = await users.require(records, account, name)
    return { noun: 'user', name, id: value.userId, record: value, groups: await groupsOf(records, account, value) }
  }
  if (type === 'group') {
    const { value } = await groups.require(records, account, name)
    return { noun: 'group', name, id: value.groupId, record: value, groups: [] }
  }
  if (type !== 'role') throw iamErrors.badEntityArn(arn)
  const { value } = await roles.require(records, account, name)
  return { noun: 'role', name, id: value.roleId, record: value, groups: [] }
}

/** A policy of a source, and who has it. */
export interface SourcePolicy extends SimulatedPolicy {
  readonly noun: Noun
  readonly entityName: string
  /** The policy's own name. */
  readonly policyName: string
}

/** Every identity policy of a source, with those of a user's groups. */
export async function policiesOfSource(
  records: RecordStore,
  account: AccountId,
  source: PolicySource,
): Promise<readonly SourcePolicy[]> {
  const own = await policiesOfOne(records, account, source.noun, source.name, source.record)
  const fromGroups = await Promise.all(
    source.groups.map((group) => policiesOfOne(records, account, 'group', group.groupName, group)),
  )
  return [...own, ...fromGroups.flat()]
}

async function policiesOfOne(
  records: RecordStore,
  account: AccountId,
  noun: Noun,
  entityName: string,
  { policies, attached = [] }: IdentityRecord,
): Promise<readonly SourcePolicy[]> {
  const holder = { noun, entityName }
  const inline = Object.entries(policies).map(([policyName, text]): SourcePolicy => {
    const policy = cachedPolicy(text, 'identity')
    return { ...holder, name: `${noun}_${entityName}_${policyName}`, policyName, source: noun, policy }
  })
  const managed = await Promise.all(attached.map((arn) => managedPolicy(records, account, arn)))
  return [...inline, ...managed.flat().map((policy) => ({ ...holder, ...policy }))]
}

/** A managed policy as simulations name it; empty when it is gone. */
export async function managedPolicy(
  records: RecordStore,
  account: AccountId,
  arn: string,
): Promise<readonly (SimulatedPolicy & { readonly policyName: string; readonly arn: string })[]> {
  const found = await findManagedPolicy(records, account, arn)
  if (found === undefined) return []
  const { policyName } = found.record
  const policy = cachedPolicy(defaultVersion(found.record).document, 'identity')
  return [{ name: policyName, policyName, arn, source: isAwsManaged(arn) ? 'aws-managed' : 'user-managed', policy }]
}
