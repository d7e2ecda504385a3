import { type AccountId, GLOBAL_REGION } from '#kernel/ids.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { findManagedPolicy } from '#services/iam/managed-policies.ts'
import { ATTACHMENTS, type AttachmentRecord, type PolicyUse, attachmentKey } from '#services/iam/records.ts'
import type { RecordChange, RecordStore, StoredRecord } from '#stores/records/record-store.ts'

const BATCH = 1_000

/** Everybody who uses a policy: attached, or as boundary. */
export async function usesOf(
  records: RecordStore,
  account: AccountId,
  policyArn: string,
  use?: PolicyUse,
): Promise<readonly StoredRecord<AttachmentRecord>[]> {
  const prefix = use === undefined ? `${policyArn} ` : `${policyArn} ${use} `
  const found: StoredRecord<AttachmentRecord>[] = []
  let after: string | undefined
  for (;;) {
    const batch = await records.list<AttachmentRecord>(ATTACHMENTS, account, GLOBAL_REGION, {
      prefix,
      limit: BATCH,
      ...(after === undefined ? {} : { after }),
    })
    found.push(...batch)
    if (batch.length < BATCH) return found
    after = batch.at(-1)?.key.id
  }
}

/**
 * The changes that note a use. A customer's policy is touched too, so that it cannot be deleted at the same moment.
 * @throws what `missing` makes when there is no such policy
 */
export async function addUse(
  records: RecordStore,
  account: AccountId,
  policyArn: string,
  user: AttachmentRecord,
  missing: (arn: string) => Error = iamErrors.policyNotAttachable,
): Promise<readonly RecordChange[]> {
  const policy = await findManagedPolicy(records, account, policyArn)
  if (policy === undefined) throw missing(policyArn)
  const touched: readonly RecordChange[] =
    policy.stored === undefined
      ? []
      : [{ kind: 'put', key: policy.stored.key, value: policy.stored.value, expect: policy.stored.revision }]
  return [{ kind: 'put', key: attachmentKey(account, policyArn, user), value: user }, ...touched]
}

export const removeUse = (account: AccountId, policyArn: string, user: Omit<AttachmentRecord, 'id'>): RecordChange => ({
  kind: 'delete',
  key: attachmentKey(account, policyArn, user),
})
