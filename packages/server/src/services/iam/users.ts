import type { AccountId } from '#kernel/ids.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { type UserRecord, userKey } from '#services/iam/records.ts'
import { type RecordStore, RevisionConflict, type StoredRecord } from '#stores/records/record-store.ts'

/**
 * The user of exactly this name. `BOB` does not find `bob`, although the two cannot exist side by side: policies compare
 * names with case, so a lookup without case would reach a user past a Deny on its ARN.
 */
export async function findUser(
  records: RecordStore,
  account: AccountId,
  userName: string,
): Promise<StoredRecord<UserRecord> | undefined> {
  const found = await records.get<UserRecord>(userKey(account, userName))
  return found?.value.userName === userName ? found : undefined
}

/** @throws AwsError NoSuchEntity */
export async function requireUser(
  records: RecordStore,
  account: AccountId,
  userName: string,
): Promise<StoredRecord<UserRecord>> {
  const found = await findUser(records, account, userName)
  if (found === undefined) throw iamErrors.userNotFound(userName)
  return found
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

/** Reads a user, works out its next state and commits that; `undefined` leaves it alone. */
export function changeUser(
  records: RecordStore,
  account: AccountId,
  userName: string,
  next: (user: UserRecord) => UserRecord | undefined,
): Promise<void> {
  return retryConflicts(async () => {
    const { key, revision, value } = await requireUser(records, account, userName)
    const changed = next(value)
    if (changed !== undefined) await records.commit([{ kind: 'put', key, value: changed, expect: revision }])
  })
}
