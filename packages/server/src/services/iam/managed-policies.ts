import type { AccountId } from '#kernel/ids.ts'
import { type IamArn, parseIamArn, policyArn } from '#services/iam/arns.ts'
import { awsManagedPolicies } from '#services/iam/aws-managed.ts'
import type { EntityKind } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { findNamed } from '#services/iam/identities.ts'
import { type PolicyRecord, type PolicyVersionRecord, policyKey } from '#services/iam/records.ts'
import type { RecordStore, StoredRecord } from '#stores/records/record-store.ts'

/** A managed policy, whoever wrote it. */
export interface ManagedPolicy {
  readonly arn: string
  readonly record: PolicyRecord
  /** Left out: AWS wrote it. */
  readonly stored?: StoredRecord<PolicyRecord>
}

/** The managed policy of an ARN that `account` may use. `undefined`: there is none. */
export async function findManagedPolicy(
  records: RecordStore,
  account: AccountId,
  arn: string,
): Promise<ManagedPolicy | undefined> {
  const aws = awsManaged(arn)
  if (aws !== undefined) return aws
  const stored = await findCustomerPolicy(records, account, arn)
  return stored === undefined ? undefined : { arn, record: stored.value, stored }
}

/** An AWS-managed policy in the form of a customer's. */
export function awsManaged(arn: string): ManagedPolicy | undefined {
  const policy = awsManagedPolicies().get(arn)
  if (policy === undefined) return undefined
  const { name, policyId, path, createdAt, versionId, document } = policy
  const record: PolicyRecord = {
    policyName: name,
    policyId,
    path,
    createdAt,
    updatedAt: createdAt,
    defaultVersionId: versionId,
    versions: [{ versionId, document, createdAt }],
    nextVersion: 0,
  }
  return { arn, record }
}

async function findCustomerPolicy(
  records: RecordStore,
  account: AccountId,
  arn: string,
): Promise<StoredRecord<PolicyRecord> | undefined> {
  const parsed = parseIamArn(arn)
  if (parsed?.type !== 'policy' || parsed.account !== account) return undefined
  const found = await findNamed<PolicyRecord>(
    records,
    policyKey(account, parsed.name),
    parsed.name,
    (policy) => policy.policyName,
  )
  // The path is part of the ARN but not of the key.
  return found !== undefined && policyArn(account, found.value.path, found.value.policyName) === arn ? found : undefined
}

/** @throws AwsError InvalidInput, NoSuchEntity */
export async function requireManagedPolicy(
  records: RecordStore,
  account: AccountId,
  arn: string,
): Promise<ManagedPolicy> {
  checkPolicyArn(arn)
  const found = await findManagedPolicy(records, account, arn)
  if (found === undefined) throw iamErrors.policyNotFound(arn)
  return found
}

/** Customer managed policies, by ARN. */
export const customerPolicies: EntityKind<PolicyRecord, 'PolicyArn'> = {
  member: 'PolicyArn',
  async require(records, account, arn) {
    const parsed = checkPolicyArn(arn)
    if (parsed === undefined || parsed.account !== account) throw iamErrors.foreignPolicy()
    const found = await findCustomerPolicy(records, account, arn)
    if (found === undefined) throw iamErrors.policyNotFound(arn)
    return found
  },
}

const AWS_POLICY = /^arn:aws:iam::aws:policy\/[\w+=,.@/-]+$/

/** The ARN taken apart; `undefined`: AWS's own. @throws AwsError InvalidInput */
function checkPolicyArn(arn: string): IamArn | undefined {
  if (AWS_POLICY.test(arn)) return undefined
  const parsed = parseIamArn(arn)
  if (parsed?.type !== 'policy') throw iamErrors.badArn(arn)
  return parsed
}

/** The version that is in force. */
export function defaultVersion({ versions, defaultVersionId, policyName }: PolicyRecord): PolicyVersionRecord {
  const found = versions.find(({ versionId }) => versionId === defaultVersionId)
  if (found === undefined) throw new Error(`the default version of policy ${policyName} is missing`)
  return found
}

export const isAwsManaged = (arn: string): boolean => AWS_POLICY.test(arn)
