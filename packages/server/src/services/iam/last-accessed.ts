import { type AccountId, type EpochMillis, GLOBAL_REGION } from '#kernel/ids.ts'
import { parseIamArn, roleArn, userArn } from '#services/iam/arns.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { findRole, findUser, groups } from '#services/iam/identities.ts'
import { usesBy } from '#services/iam/last-used.ts'
import { usesOf } from '#services/iam/policy-usage.ts'
import { requireManagedPolicy } from '#services/iam/managed-policies.ts'
import { allRecords } from '#services/iam/paging.ts'
import { MEMBERSHIPS, type MembershipRecord } from '#services/iam/records.ts'
import { SERVICES, grantsService } from '#services/iam/service-access.ts'
import { managedPolicy, policiesOfSource, requireSource } from '#services/iam/source-policies.ts'
import type { SimulatedPolicy } from '#services/iam/simulation.ts'
import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** A report that was asked for, in collection `iam.access-job` by its id; ids are in the order of time. */
export interface AccessJobRecord {
  readonly arn: string
  readonly granularity: 'SERVICE_LEVEL' | 'ACTION_LEVEL'
  readonly createdAt: EpochMillis
}

export const ACCESS_JOBS = 'iam.access-job'
export const accessJobKey = (account: AccountId, jobId: string): RecordKey => ({
  collection: ACCESS_JOBS,
  account,
  region: GLOBAL_REGION,
  id: jobId,
})

/** Somebody who may have called services. */
interface Caller {
  readonly type: 'USER' | 'ROLE'
  readonly name: string
  readonly id: string
  readonly arn: string
  readonly path: string
}

/** When a caller last called a service. */
export interface ServiceUse {
  readonly caller: Caller
  readonly at: EpochMillis
  readonly region: string
}

/** Services that a user, group, role or policy opens, and who used them. */
export interface AccessedService {
  readonly namespace: string
  readonly name: string
  /** Newest first. */
  readonly uses: readonly ServiceUse[]
}

/** @throws AwsError NoSuchEntity */
export async function requireAccessJob(
  records: RecordStore,
  account: AccountId,
  jobId: string,
): Promise<AccessJobRecord> {
  const found = await records.get<AccessJobRecord>(accessJobKey(account, jobId))
  if (found === undefined) throw iamErrors.jobNotFound(jobId)
  return found.value
}

/** @throws AwsError InvalidInput, NoSuchEntity for an ARN of nothing that policies belong to */
export async function accessedServices(
  records: RecordStore,
  account: AccountId,
  arn: string,
): Promise<readonly AccessedService[]> {
  const { policies, callers } = await subjectOf(records, account, arn)
  const uses = await Promise.all(
    callers.map(async (caller) => (await usesBy(records, account, caller.id)).map((use) => ({ caller, ...use }))),
  )
  const newestFirst = uses.flat().toSorted((a, b) => b.at - a.at)
  return SERVICES.filter(([namespace]) => policies.some(({ policy }) => grantsService(policy, namespace))).map(
    ([namespace, name]) => ({ namespace, name, uses: newestFirst.filter(({ service }) => service === namespace) }),
  )
}

interface Subject {
  readonly policies: readonly Pick<SimulatedPolicy, 'policy'>[]
  readonly callers: readonly Caller[]
}

async function subjectOf(records: RecordStore, account: AccountId, arn: string): Promise<Subject> {
  if (arn.includes(':policy/')) {
    await requireManagedPolicy(records, account, arn)
    const users = await usesOf(records, account, arn, 'policy')
    const callers = await Promise.all(users.map(({ value }) => callersOf(records, account, value.kind, value.name)))
    return { policies: await managedPolicy(records, account, arn), callers: callers.flat() }
  }
  const source = await requireSource(records, account, arn)
  const policies = await policiesOfSource(records, account, source)
  return { policies, callers: await callersOf(records, account, source.noun, parseIamArn(arn)?.name ?? source.name) }
}

async function callersOf(
  records: RecordStore,
  account: AccountId,
  kind: 'user' | 'group' | 'role',
  name: string,
): Promise<readonly Caller[]> {
  if (kind === 'group') {
    const { groupId } = (await groups.require(records, account, name)).value
    const members = await allRecords<MembershipRecord>(records, MEMBERSHIPS, account, `${groupId}/`)
    return (await Promise.all(members.map(({ userName }) => callersOf(records, account, 'user', userName)))).flat()
  }
  if (kind === 'user') {
    const user = (await findUser(records, account, name))?.value
    if (user === undefined) return []
    const { path, userId: id } = user
    return [{ type: 'USER', name, id, path, arn: userArn(account, path, name) }]
  }
  const role = (await findRole(records, account, name))?.value
  return role === undefined
    ? []
    : [{ type: 'ROLE', name, id: role.roleId, path: role.path, arn: roleArn(account, role.path, name) }]
}
