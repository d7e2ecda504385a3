import { type AccountId, type EpochMillis, GLOBAL_REGION } from '#kernel/ids.ts'
import type { AwsError } from '#kernel/errors.ts'
import { ownerName } from '#services/iam/access-key-view.ts'
import { retryConflicts } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { requireKeyHolder } from '#services/iam/key-holder.ts'
import { allRecords } from '#services/iam/paging.ts'
import type { UserRecord } from '#services/iam/records.ts'
import type { Target } from '#services/iam/target.ts'
import type { RecordChange, RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** A certificate or public key that a user or the root user has given. */
export interface HeldItem {
  readonly id: string
  readonly status: 'Active' | 'Inactive'
  readonly uploadedAt: EpochMillis
  /** In PEM, or as OpenSSH writes it. */
  readonly body: string
}

/** A sort of such things, kept in a collection by `<unique id of the holder>/<its own id>`. */
export interface HeldKind {
  readonly collection: string
  /** AWS's name of the limit. */
  readonly quota: string
  /** Most of one holder. */
  readonly most: number
  readonly notFound: (id: string) => AwsError
}

/** Who holds something: a user by its unique id, or the root user. */
export interface Holder {
  readonly id: string
  readonly userName: string
  /** Writes the holder again as it was read, so that it cannot be deleted while something is added. */
  readonly touch: RecordChange
}

const ROOT = 'root'

/** @throws AwsError NoSuchEntity */
export async function requireHolder(
  records: RecordStore,
  account: AccountId,
  target: Target,
  now: EpochMillis,
): Promise<Holder> {
  const { owner, accessKeyIds, withKeys } = await requireKeyHolder(records, account, target, now)
  const id = owner.kind === 'user' ? owner.userId : ROOT
  return { id, userName: ownerName(account, owner), touch: withKeys(accessKeyIds) }
}

const keyOf = (account: AccountId, { collection }: HeldKind, holder: string, id: string): RecordKey => ({
  collection,
  account,
  region: GLOBAL_REGION,
  id: `${holder}/${id}`,
})

/** What a holder has, oldest first. */
export const itemsOf = async (
  records: RecordStore,
  account: AccountId,
  kind: HeldKind,
  holder: string,
): Promise<readonly HeldItem[]> =>
  (await allRecords<HeldItem>(records, kind.collection, account, `${holder}/`)).toSorted(
    (a, b) => a.uploadedAt - b.uploadedAt || (a.id < b.id ? -1 : 1),
  )

/** What the root user has. */
export const itemsOfRoot = (records: RecordStore, account: AccountId, kind: HeldKind): Promise<readonly HeldItem[]> =>
  itemsOf(records, account, kind, ROOT)

/**
 * Adds something that `make` makes of what is there.
 * @throws AwsError NoSuchEntity, LimitExceeded, and what `make` throws
 */
export function addItem(
  records: RecordStore,
  { account, target, now }: { readonly account: AccountId; readonly target: Target; readonly now: EpochMillis },
  kind: HeldKind,
  make: (existing: readonly HeldItem[]) => HeldItem | Promise<HeldItem>,
): Promise<{ readonly holder: Holder; readonly item: HeldItem }> {
  return retryConflicts(async () => {
    const holder = await requireHolder(records, account, target, now)
    const existing = await itemsOf(records, account, kind, holder.id)
    const item = await make(existing)
    if (existing.length >= kind.most) throw iamErrors.quotaExceeded(kind.quota, kind.most)
    const key = keyOf(account, kind, holder.id, item.id)
    await records.commit([holder.touch, { kind: 'put', key, value: item, expect: 0 }])
    return { holder, item }
  })
}

/** Something of a holder, by its id. @throws AwsError NoSuchEntity */
export async function requireItem(
  records: RecordStore,
  { account, target, now }: { readonly account: AccountId; readonly target: Target; readonly now: EpochMillis },
  kind: HeldKind,
  id: string,
): Promise<{ readonly holder: Holder; readonly item: HeldItem; readonly key: RecordKey; readonly revision: number }> {
  const holder = await requireHolder(records, account, target, now)
  const found = await records.get<HeldItem>(keyOf(account, kind, holder.id, id))
  if (found === undefined) throw kind.notFound(id)
  return { holder, item: found.value, key: found.key, revision: found.revision }
}

/** Changes or, with `undefined`, deletes something of a holder. @throws AwsError NoSuchEntity */
export function changeItem(
  records: RecordStore,
  by: { readonly account: AccountId; readonly target: Target; readonly now: EpochMillis },
  kind: HeldKind,
  id: string,
  next: (item: HeldItem) => HeldItem | undefined,
): Promise<void> {
  return retryConflicts(async () => {
    const { item, key, revision } = await requireItem(records, by, kind, id)
    const value = next(item)
    await records.commit([
      value === undefined ? { kind: 'delete', key, expect: revision } : { kind: 'put', key, value, expect: revision },
    ])
  })
}

/** The status that an update may set; the model has another one, which only AWS gives. @throws AwsError */
export function settableStatus(status: string): HeldItem['status'] {
  if (status !== 'Active' && status !== 'Inactive') throw iamErrors.badKeyStatus(status)
  return status
}

/** Whether a user has any of a kind, which keeps it from being deleted. */
export const hasItems = async (
  records: RecordStore,
  account: AccountId,
  kind: HeldKind,
  { userId }: Pick<UserRecord, 'userId'>,
): Promise<boolean> =>
  (await records.list(kind.collection, account, GLOBAL_REGION, { prefix: `${userId}/`, limit: 1 })).length > 0
