import type { AccountId } from '#kernel/ids.ts'
import { GLOBAL_REGION } from '#kernel/ids.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { AwsError } from '#kernel/errors.ts'
import {
  type RecordChange,
  type RecordKey,
  type RecordStore,
  RevisionConflict,
  type StoredRecord,
} from '#stores/records/record-store.ts'

/** A sort of thing that calls name by one member, e.g. users by `UserName`. */
export interface EntityKind<R, M extends string> {
  readonly member: M
  /** @throws AwsError for a name that cannot be one; NoSuchEntity */
  readonly require: (records: RecordStore, account: AccountId, given: string) => Promise<StoredRecord<R>>
  /** @throws AwsError when nobody may change this one */
  readonly checkModifiable?: (record: R) => void
}

/** An input that names one entity by member `M`. */
export type Named<M extends string> = Readonly<Record<M, string>>

/** The next state of an entity, and what else changes in the same commit. */
export interface Change<R> {
  readonly value: R
  readonly also?: readonly RecordChange[]
}

/** Reads an entity, works out its next state and commits that; `undefined` leaves it alone. */
export function changeEntity<R, M extends string>(
  records: RecordStore,
  kind: EntityKind<R, M>,
  account: AccountId,
  given: string,
  next: (record: R) => Change<R> | undefined | Promise<Change<R> | undefined>,
): Promise<R> {
  return retryConflicts(async () => {
    const { key, revision, value } = await kind.require(records, account, given)
    kind.checkModifiable?.(value)
    const change = await next(value)
    if (change === undefined) return value
    await records.commit([{ kind: 'put', key, value: change.value, expect: revision }, ...(change.also ?? [])])
    return change.value
  })
}

const MOST_ATTEMPTS = 20

/**
 * Runs a read and the commit that expects what it read, again when another request was faster.
 * @throws AwsError ConcurrentModification when that never ends
 */
export async function retryConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 0; count < MOST_ATTEMPTS; count++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error
    }
  }
  throw iamErrors.concurrentModification()
}

/** Commits something new. @throws what `exists` makes when there is one of that key */
export async function createEntity(
  records: RecordStore,
  key: RecordKey,
  value: unknown,
  exists: () => AwsError,
  also: () => Promise<readonly RecordChange[]> = async () => [],
): Promise<void> {
  await retryConflicts(async () => {
    const more = await also()
    try {
      await records.commit([{ kind: 'put', key, value, expect: 0 }, ...more])
    } catch (error) {
      if (error instanceof RevisionConflict && error.key.id === key.id && error.key.collection === key.collection)
        throw exists()
      throw error
    }
  })
}

/** @throws AwsError LimitExceeded when the account has `most` of a collection already */
export async function checkQuota(
  records: RecordStore,
  account: AccountId,
  { collection, quota, most }: { readonly collection: string; readonly quota: string; readonly most: number },
): Promise<void> {
  const found = await records.list(collection, account, GLOBAL_REGION, { limit: most })
  if (found.length >= most) throw iamErrors.quotaExceeded(quota, most)
}
