import { cachedPolicy } from '@sluice/policy'
import type { AccountId } from '#kernel/ids.ts'
import type { Principal, Session, Tag } from '#kernel/principal.ts'
import type { AttachedPolicy, PrincipalProfile } from '#kernel/service.ts'
import { findRole, findUser } from '#services/iam/identities.ts'
import { type ManagedPolicy, defaultVersion, findManagedPolicy } from '#services/iam/managed-policies.ts'
import { groupsOf } from '#services/iam/memberships.ts'
import type { IdentityRecord } from '#services/iam/records.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** Whom a principal's policies belong to. */
interface Identity {
  readonly record: IdentityRecord
  /** Groups of a user. */
  readonly groups: readonly IdentityRecord[]
}

/**
 * What a principal may by its own policies: inline and attached, a user's with those of its groups; its boundary, its
 * session policies and its tags.
 * @throws Error when one cannot be read: leaving it out could leave out a Deny
 */
export async function principalProfile(records: RecordStore, principal: Principal): Promise<PrincipalProfile> {
  const { account } = principal
  const found = await identityOf(records, principal)
  const record = found?.record
  const session = 'session' in principal ? principal.session : undefined
  return {
    identity: found === undefined ? [] : await identityPolicies(records, account, found),
    ...(record?.boundary === undefined ? {} : { boundary: [await managed(records, account, record.boundary)] }),
    ...(await sessionPolicies(records, account, session)),
    tags: mergedTags(record?.tags ?? [], session?.tags ?? []),
  }
}

async function identityPolicies(
  records: RecordStore,
  account: AccountId,
  { record, groups }: Identity,
): Promise<readonly AttachedPolicy[]> {
  const all = await Promise.all([record, ...groups].map((one) => policiesOf(records, account, one)))
  return all.flat()
}

/** The record behind a principal. Another user or role of the same name has other permissions. */
async function identityOf(records: RecordStore, principal: Principal): Promise<Identity | undefined> {
  if (principal.kind === 'role') {
    const role = await findRole(records, principal.account, principal.roleName)
    return role?.value.roleId === principal.roleId ? { record: role.value, groups: [] } : undefined
  }
  const issued = issuingUser(principal)
  if (issued === undefined) return undefined
  const user = await findUser(records, principal.account, issued.name)
  if (user?.value.userId !== issued.id) return undefined
  return { record: user.value, groups: await groupsOf(records, principal.account, user.value) }
}

function issuingUser(principal: Principal): { readonly name: string; readonly id: string } | undefined {
  if (principal.kind === 'user') return { name: principal.userName, id: principal.userId }
  return principal.kind === 'federated-user' && principal.issuer.kind === 'user' ? principal.issuer : undefined
}

async function policiesOf(
  records: RecordStore,
  account: AccountId,
  { policies, attached = [] }: IdentityRecord,
): Promise<readonly AttachedPolicy[]> {
  const inline = Object.entries(policies).map(([name, text]) => ({
    name,
    text,
    policy: cachedPolicy(text, 'identity'),
  }))
  return [...inline, ...(await Promise.all(attached.map((arn) => managed(records, account, arn))))]
}

/** The version in force of a managed policy. @throws Error when it is gone, which no operation allows */
async function managed(records: RecordStore, account: AccountId, arn: string): Promise<AttachedPolicy> {
  const found = await findManagedPolicy(records, account, arn)
  if (found === undefined) throw new Error(`the policy ${arn} is in use, but does not exist`)
  return inForce(found)
}

function inForce({ arn, record }: ManagedPolicy): AttachedPolicy {
  const text = defaultVersion(record).document
  return { name: record.policyName, arn, text, policy: cachedPolicy(text, 'identity') }
}

async function sessionPolicies(
  records: RecordStore,
  account: AccountId,
  session: Session | undefined,
): Promise<Pick<PrincipalProfile, 'session'>> {
  const { policies, policyArns } = session ?? {}
  if (policies === undefined && policyArns === undefined) return {}
  const inline = (policies ?? []).map((text) => ({
    name: 'session policy',
    text,
    policy: cachedPolicy(text, 'identity'),
  }))
  const attached = await Promise.all((policyArns ?? []).map((arn) => findManagedPolicy(records, account, arn)))
  // One that was deleted since may have held a Deny: nothing is allowed then.
  if (attached.includes(undefined)) return { session: [] }
  return { session: [...inline, ...attached.flatMap((found) => (found === undefined ? [] : inForce(found)))] }
}

function mergedTags(own: readonly Tag[], session: readonly Tag[]): readonly Tag[] {
  const hidden = new Set(session.map(({ Key }) => Key.toLowerCase()))
  return [...own.filter(({ Key }) => !hidden.has(Key.toLowerCase())), ...session]
}
