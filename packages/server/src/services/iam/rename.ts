import type { AccountId } from '#kernel/ids.ts'
import type { AwsError } from '#kernel/errors.ts'
import type { IdentityKind } from '#services/iam/identities.ts'
import { removeUse } from '#services/iam/policy-usage.ts'
import { type AttachmentRecord, type IdentityRecord, attachmentKey } from '#services/iam/records.ts'
import {
  type RecordChange,
  type RecordKey,
  type RecordStore,
  RevisionConflict,
  type StoredRecord,
} from '#stores/records/record-store.ts'

interface Destination<R> {
  readonly key: RecordKey
  readonly value: R
  readonly exists: () => AwsError
}

/**
 * Moves a user or group to its new name; `also`: what else names it by its name.
 * @throws what `exists` makes when the name is taken
 */
export async function moveIdentity<R extends IdentityRecord>(
  records: RecordStore,
  account: AccountId,
  kind: IdentityKind<R, string>,
  from: StoredRecord<R>,
  to: Destination<R>,
  also: readonly RecordChange[],
): Promise<void> {
  const uses = renamedUses(account, kind, from.value, to.value)
  if (to.key.id === from.key.id) {
    return records.commit([{ kind: 'put', key: from.key, value: to.value, expect: from.revision }, ...also, ...uses])
  }
  try {
    await records.commit([
      { kind: 'delete', key: from.key, expect: from.revision },
      { kind: 'put', key: to.key, value: to.value, expect: 0 },
      ...also,
      ...uses,
    ])
  } catch (error) {
    if (error instanceof RevisionConflict && error.key.id === to.key.id && error.key.collection === to.key.collection)
      throw to.exists()
    throw error
  }
}

/** The changes by which the policies of an identity know it under its new name. */
function renamedUses<R extends IdentityRecord>(
  account: AccountId,
  kind: IdentityKind<R, string>,
  before: R,
  after: R,
): readonly RecordChange[] {
  const uses = [
    ...(before.attached ?? []).map((arn) => ({ arn, use: 'policy' as const })),
    ...(before.boundary === undefined ? [] : [{ arn: before.boundary, use: 'boundary' as const }]),
  ]
  return uses.flatMap(({ arn, use }): readonly RecordChange[] => {
    const user: AttachmentRecord = { use, kind: kind.noun, name: kind.nameOf(after), id: kind.idOf(after) }
    return [
      removeUse(account, arn, { use, kind: kind.noun, name: kind.nameOf(before) }),
      { kind: 'put', key: attachmentKey(account, arn, user), value: user },
    ]
  })
}
