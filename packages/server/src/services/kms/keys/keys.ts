import { type EpochMillis, accountId, region } from '#kernel/ids.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { KEYS, type Key, type KeyRecord, keyKey, keyOf } from '#services/kms/keys/key-record.ts'
import type { KeyQuota } from '#services/kms/keys/quota.ts'
import { type Settling, settled } from '#services/kms/keys/settle.ts'
import type { KmsPlace } from '#services/kms/types.ts'
import {
  type ListOptions,
  type RecordChange,
  type RecordStore,
  RevisionConflict,
} from '#stores/records/record-store.ts'

/** How often a change is tried again when somebody else was quicker, before the caller is told to. */
const UPDATE_ATTEMPTS = 16

/** What a change of a key commits. */
export interface KeyChange {
  readonly record: KeyRecord
  /** Committed together with it. */
  readonly also?: readonly RecordChange[]
}

export interface KeysDeps extends Settling {
  readonly records: RecordStore
  readonly quota: KeyQuota
}

/** The keys of all accounts and regions. Whatever time has done to a key is written down before it is handed out. */
export class Keys {
  readonly #deps: KeysDeps

  constructor(deps: KeysDeps) {
    this.#deps = deps
  }

  async find(place: KmsPlace, keyId: string, now: EpochMillis): Promise<Key | undefined> {
    for (let attempt = 0; attempt < UPDATE_ATTEMPTS; attempt += 1) {
      const stored = await this.#deps.records.get<KeyRecord>(keyKey(place, keyId))
      if (stored === undefined) return undefined
      const key = keyOf(place, stored)
      if (await settled(this.#deps, key, now)) return key
    }
    throw kmsErrors.conflict()
  }

  async create(place: KmsPlace, keyId: string, record: KeyRecord, also: readonly RecordChange[]): Promise<Key> {
    const put: RecordChange = { kind: 'put', key: keyKey(place, keyId), value: record, expect: 0 }
    await this.#deps.quota.commitNew(place, [put, ...also])
    return keyOf(place, { key: keyKey(place, keyId), revision: 1, value: record })
  }

  /**
   * Commits what `change` makes of the key as it is now; nothing when that is `undefined`.
   * @throws AwsError NotFoundException, ConflictException, and what `change` throws
   */
  async change(
    ref: Pick<Key, 'place' | 'keyId' | 'arn'>,
    now: EpochMillis,
    change: (key: Key) => KeyChange | undefined | Promise<KeyChange | undefined>,
  ): Promise<Key> {
    for (let attempt = 0; attempt < UPDATE_ATTEMPTS; attempt += 1) {
      const key = await this.find(ref.place, ref.keyId, now)
      if (key === undefined) throw kmsErrors.keyNotFound(ref.arn)
      const changed = await change(key)
      if (changed === undefined) return key
      const put: RecordChange = {
        kind: 'put',
        key: keyKey(key.place, key.keyId),
        value: changed.record,
        expect: key.revision,
      }
      try {
        await this.#deps.records.commit([put, ...(changed.also ?? [])])
      } catch (error) {
        if (error instanceof RevisionConflict) continue
        throw error
      }
      return { ...key, ...changed.record, revision: key.revision + 1 }
    }
    throw kmsErrors.conflict()
  }

  /** By ascending id, those included whose end is due but not yet written down. */
  async list(place: KmsPlace, options: ListOptions): Promise<readonly Key[]> {
    const stored = await this.#deps.records.list<KeyRecord>(KEYS, place.account, place.region, options)
    return stored.map((record) => keyOf(place, record))
  }

  /** Tells CloudTrail what KMS did by itself. */
  tellOwnEvents(): Promise<void> {
    return this.#deps.tellOwnEvents()
  }

  /** Writes down what is due of every key, so that material ends though nobody asks for it. */
  async sweep(now: EpochMillis): Promise<void> {
    for (const { key } of await this.#deps.records.listAll<KeyRecord>(KEYS))
      await this.find({ account: accountId(key.account), region: region(key.region) }, key.id, now)
    await this.tellOwnEvents()
  }
}
