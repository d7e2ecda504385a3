import { cachedPolicy } from '@sluice/policy'
import type { AccountId } from '#kernel/ids.ts'
import type { AttachedPolicy } from '#kernel/service.ts'
import { parseIamArn, roleArn, userArn } from '#services/iam/arns.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { findRole, findUser } from '#services/iam/identities.ts'
import { MAX_TRUST_CHARS } from '#services/iam/limits.ts'
import { checkPolicyDocument, countedChars } from '#services/iam/policy-document.ts'
import { allRecords } from '#services/iam/paging.ts'
import { ROLES, type RoleRecord, USERS, type UserRecord } from '#services/iam/records.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

type Trust = Pick<RoleRecord, 'trust' | 'trusted'>

/**
 * Checks a trust policy and resolves the users and roles in it to their unique ids: one that is deleted and made again
 * is no longer trusted.
 * @throws AwsError MalformedPolicyDocument, LimitExceeded
 */
export async function readTrust(records: RecordStore, account: AccountId, document: string): Promise<Trust> {
  checkPolicyDocument(document, 'trust')
  if (countedChars(document) > MAX_TRUST_CHARS) throw iamErrors.quotaExceeded('ACLSizePerRole', MAX_TRUST_CHARS)
  const trusted: Record<string, string> = {}
  const principals = principalsIn(document)
  for (const name of principals.filter(isEntityArn)) {
    const id = await uniqueIdOf(records, name)
    if (id === undefined) throw iamErrors.unknownPrincipal(name)
    trusted[name] = id
  }
  await checkIds(records, account, principals.filter(isUniqueId))
  return { trust: document, trusted }
}

/**
 * A unique id may stand for its user or role, but not for one that is gone: a trust policy that was read after a deletion
 * is not taken back as it is.
 */
async function checkIds(records: RecordStore, account: AccountId, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const users = await allRecords<UserRecord>(records, USERS, account)
  const roles = await allRecords<RoleRecord>(records, ROLES, account)
  const known = new Set([...users.map(({ userId }) => userId), ...roles.map(({ roleId }) => roleId)])
  const unknown = ids.find((id) => !known.has(id))
  if (unknown !== undefined) throw iamErrors.unknownPrincipal(unknown)
}

const isUniqueId = (name: string): boolean => /^A(?:IDA|ROA)[A-Z0-9]{12,}$/.test(name)

/** The trust policy as it is evaluated: with unique ids in place of ARNs. */
export function trustPolicy(arn: string, { trust, trusted = {} }: Trust): AttachedPolicy {
  const text = replacePrincipals(trust, trusted)
  return { name: 'AssumeRolePolicyDocument', arn, text, policy: cachedPolicy(text, 'trust') }
}

/** The trust policy as it is shown: an ARN whose bearer is gone has become the unique id. */
export async function shownTrust(records: RecordStore, { trust, trusted = {} }: Trust): Promise<string> {
  const gone: Record<string, string> = {}
  for (const [arn, id] of Object.entries(trusted)) if ((await uniqueIdOf(records, arn)) !== id) gone[arn] = id
  return replacePrincipals(trust, gone)
}

/** The unique id of the user or role of this ARN, in whatever account. */
async function uniqueIdOf(records: RecordStore, arn: string): Promise<string | undefined> {
  const parsed = parseIamArn(arn)
  if (parsed === undefined) return undefined
  const { account, name, type } = parsed
  if (type === 'user') {
    const found = await findUser(records, account, name)
    return found !== undefined && userArn(account, found.value.path, name) === arn ? found.value.userId : undefined
  }
  const found = type === 'role' ? await findRole(records, account, name) : undefined
  return found !== undefined && isArnOfRole(account, found.value, arn) ? found.value.roleId : undefined
}

const isArnOfRole = (account: AccountId, { path, roleName }: RoleRecord, arn: string): boolean =>
  roleArn(account, path, roleName) === arn

const isEntityArn = (name: string): boolean => /^arn:aws:iam::\d{12}:(?:user|role)\//.test(name)

interface Statement {
  readonly Principal?: { readonly AWS?: string | readonly string[] } | string
}

// The document was parsed and checked before, so its shape is known from here on.
const statementsOf = (document: string): readonly Statement[] => {
  const { Statement: statements } = JSON.parse(document) as { readonly Statement: Statement | readonly Statement[] }
  return [statements].flat()
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat()

const principalsIn = (document: string): readonly string[] =>
  statementsOf(document).flatMap(({ Principal }) => (typeof Principal === 'object' ? listOf(Principal.AWS) : []))

function replacePrincipals(document: string, ids: Readonly<Record<string, string>>): string {
  if (Object.keys(ids).length === 0) return document
  const replaced = (value: string | readonly string[]): string | readonly string[] =>
    typeof value === 'string' ? (ids[value] ?? value) : value.map((one) => ids[one] ?? one)
  const Statement = statementsOf(document).map((statement) =>
    typeof statement.Principal === 'object' && statement.Principal.AWS !== undefined
      ? { ...statement, Principal: { ...statement.Principal, AWS: replaced(statement.Principal.AWS) } }
      : statement,
  )
  return JSON.stringify({ ...(JSON.parse(document) as object), Statement })
}
