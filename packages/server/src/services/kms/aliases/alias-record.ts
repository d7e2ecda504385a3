import type { EpochMillis } from '#kernel/ids.ts'
import type { KmsPlace } from '#services/kms/types.ts'
import type { RecordChange, RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** An alias as it is stored, under its name with `alias/`. */
export interface AliasRecord {
  readonly keyId: string
  readonly createdAt: EpochMillis
  readonly updatedAt: EpochMillis
}

export const ALIASES = 'kms.alias'
/** The aliases of a key: `<key id>/<alias>`. */
const KEY_ALIASES = 'kms.key-alias'

export const aliasKey = ({ account, region }: KmsPlace, name: string): RecordKey => ({
  collection: ALIASES,
  account,
  region,
  id: name,
})

export const keyAliasKey = ({ account, region }: KmsPlace, keyId: string, name: string): RecordKey => ({
  collection: KEY_ALIASES,
  account,
  region,
  id: `${keyId}/${name}`,
})

/** The names of a key's aliases, in order; at most `limit`. */
export async function aliasesOfKey(
  records: RecordStore,
  { account, region }: KmsPlace,
  keyId: string,
  limit = 1_000,
): Promise<readonly string[]> {
  const prefix = `${keyId}/`
  const stored = await records.list(KEY_ALIASES, account, region, { prefix, limit })
  return stored.map(({ key }) => key.id.slice(prefix.length))
}

/** What deletes every alias of a key. */
export async function aliasRemovals(
  records: RecordStore,
  place: KmsPlace,
  keyId: string,
): Promise<readonly RecordChange[]> {
  const names = await aliasesOfKey(records, place, keyId)
  return names.flatMap((name): readonly RecordChange[] => [
    { kind: 'delete', key: aliasKey(place, name) },
    { kind: 'delete', key: keyAliasKey(place, keyId, name) },
  ])
}
