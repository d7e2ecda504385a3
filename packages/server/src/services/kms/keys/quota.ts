import { type KeyedMutex, keyedMutex } from '#supervisor/mutex.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { MAX_KEYS } from '#services/kms/limits.ts'
import type { KmsPlace } from '#services/kms/types.ts'
import type { RecordChange, RecordKey, RecordStore } from '#stores/records/record-store.ts'

interface Count {
  readonly keys: number
}

/** Counts the keys of an account in a region, in the commits that add and remove them. */
export interface KeyQuota {
  /** @throws AwsError LimitExceededException */
  commitNew(place: KmsPlace, changes: readonly RecordChange[]): Promise<void>
  /** Commits the end of a key. @throws RevisionConflict when the changes do not fit what is there */
  commitEnd(place: KmsPlace, changes: readonly RecordChange[]): Promise<void>
}

export function keyQuota(records: RecordStore, most: number = MAX_KEYS): KeyQuota {
  const oneByOne: KeyedMutex = keyedMutex()
  const commit = (place: KmsPlace, step: 1 | -1, changes: readonly RecordChange[]): Promise<void> =>
    oneByOne(`${place.account}/${place.region}`, async () => {
      const key = countKey(place)
      const stored = await records.get<Count>(key)
      const keys = (stored?.value.keys ?? 0) + step
      if (step > 0 && keys > most)
        throw kmsErrors.limit(`The account has reached its limit of ${String(most)} KMS keys in this Region.`)
      await records.commit([
        { kind: 'put', key, value: { keys } satisfies Count, expect: stored?.revision ?? 0 },
        ...changes,
      ])
    })
  return {
    commitNew: (place, changes) => commit(place, 1, changes),
    commitEnd: (place, changes) => commit(place, -1, changes),
  }
}

const countKey = ({ account, region }: KmsPlace): RecordKey => ({
  collection: 'kms.count',
  account,
  region,
  id: 'keys',
})
