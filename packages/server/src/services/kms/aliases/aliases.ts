import type { EpochMillis } from '#kernel/ids.ts'
import { aliasArn } from '#services/kms/arns.ts'
import { ALIASES, type AliasRecord, aliasKey, aliasesOfKey, keyAliasKey } from '#services/kms/aliases/alias-record.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { MAX_ALIASES } from '#services/kms/limits.ts'
import type { KmsPlace } from '#services/kms/types.ts'
import {
  type ListOptions,
  type RecordChange,
  type RecordStore,
  RevisionConflict,
} from '#stores/records/record-store.ts'

/** An alias with its name. */
export interface Alias extends AliasRecord {
  readonly name: string
  readonly revision: number
}

const UPDATE_ATTEMPTS = 16

/** The aliases of all accounts and regions. */
export class Aliases {
  readonly #records: RecordStore

  constructor(records: RecordStore) {
    this.#records = records
  }

  async find(place: KmsPlace, name: string): Promise<Alias | undefined> {
    const stored = await this.#records.get<AliasRecord>(aliasKey(place, name))
    return stored && { ...stored.value, name, revision: stored.revision }
  }

  /** What creates an alias; nothing is checked but that it is new when committed. */
  creation(place: KmsPlace, name: string, keyId: string, now: EpochMillis): readonly RecordChange[] {
    const value: AliasRecord = { keyId, createdAt: now, updatedAt: now }
    return [
      { kind: 'put', key: aliasKey(place, name), value, expect: 0 },
      { kind: 'put', key: keyAliasKey(place, keyId, name), value: {} },
    ]
  }

  /** @throws AwsError AlreadyExistsException, LimitExceededException */
  async create(place: KmsPlace, name: string, keyId: string, now: EpochMillis): Promise<void> {
    if ((await this.find(place, name)) !== undefined) throw kmsErrors.aliasExists(aliasArn(place, name))
    await this.#checkRoom(place, keyId)
    try {
      await this.#records.commit(this.creation(place, name, keyId, now))
    } catch (error) {
      if (error instanceof RevisionConflict) throw kmsErrors.aliasExists(aliasArn(place, name))
      throw error
    }
  }

  /** Points an alias at another key. @throws AwsError NotFoundException, LimitExceededException */
  async update(place: KmsPlace, name: string, keyId: string, now: EpochMillis): Promise<void> {
    await this.#change(place, name, async (alias) => {
      if (alias.keyId !== keyId) await this.#checkRoom(place, keyId)
      const value: AliasRecord = { keyId, createdAt: alias.createdAt, updatedAt: now }
      return [
        { kind: 'put', key: aliasKey(place, name), value, expect: alias.revision },
        { kind: 'delete', key: keyAliasKey(place, alias.keyId, name) },
        { kind: 'put', key: keyAliasKey(place, keyId, name), value: {} },
      ]
    })
  }

  /** @throws AwsError NotFoundException */
  async delete(place: KmsPlace, name: string): Promise<void> {
    await this.#change(place, name, (alias) => [
      { kind: 'delete', key: aliasKey(place, name), expect: alias.revision },
      { kind: 'delete', key: keyAliasKey(place, alias.keyId, name) },
    ])
  }

  /** By ascending name. */
  async list(place: KmsPlace, options: ListOptions): Promise<readonly Alias[]> {
    const stored = await this.#records.list<AliasRecord>(ALIASES, place.account, place.region, options)
    return stored.map(({ key, revision, value }) => ({ ...value, name: key.id, revision }))
  }

  /** The names of a key's aliases. */
  ofKey(place: KmsPlace, keyId: string): Promise<readonly string[]> {
    return aliasesOfKey(this.#records, place, keyId)
  }

  async #checkRoom(place: KmsPlace, keyId: string): Promise<void> {
    if ((await aliasesOfKey(this.#records, place, keyId, MAX_ALIASES)).length >= MAX_ALIASES)
      throw kmsErrors.limit(`The key has reached its limit of ${String(MAX_ALIASES)} aliases.`)
  }

  async #change(
    place: KmsPlace,
    name: string,
    changes: (alias: Alias) => readonly RecordChange[] | Promise<readonly RecordChange[]>,
  ): Promise<void> {
    for (let attempt = 0; attempt < UPDATE_ATTEMPTS; attempt += 1) {
      const alias = await this.find(place, name)
      if (alias === undefined) throw kmsErrors.aliasNotFound(aliasArn(place, name))
      try {
        return await this.#records.commit(await changes(alias))
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error
      }
    }
    throw kmsErrors.conflict()
  }
}
