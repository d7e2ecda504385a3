import { randomBytes } from 'node:crypto'
import type { EpochMillis } from '#kernel/ids.ts'
import { aliasRemovals } from '#services/kms/aliases/alias-record.ts'
import { removeGrantsOf } from '#services/kms/grants/grant-record.ts'
import { currentOf, dueOf, hasExpired, nextRotation } from '#services/kms/keys/due.ts'
import { type Key, type KeyRecord, keyKey, recordOf } from '#services/kms/keys/key-record.ts'
import { toBeTold } from '#services/kms/keys/own-events.ts'
import type { KeyQuota } from '#services/kms/keys/quota.ts'
import { newMaterial } from '#services/kms/material/generate.ts'
import type { Vault } from '#services/kms/material/vault.ts'
import { type RecordChange, type RecordStore, RevisionConflict } from '#stores/records/record-store.ts'

export interface Settling {
  readonly records: RecordStore
  readonly vault: Vault
  readonly quota: KeyQuota
  /** Tells CloudTrail what was done; what cannot be told now is told by the next sweep. */
  readonly tellOwnEvents: () => Promise<void>
}

/** Hexadecimal digits of a KeyMaterialId, in bytes. */
const MATERIAL_ID_BYTES = 32

export const newMaterialId = (): string => randomBytes(MATERIAL_ID_BYTES).toString('hex')

/**
 * Writes down what time has done to a key.
 * @returns whether the key is as it was read; if not, it has to be read again
 */
export async function settled(deps: Settling, key: Key, now: EpochMillis): Promise<boolean> {
  const due = dueOf(key, now)
  if (due === undefined) return true
  try {
    if (due === 'deletion') await end(deps, key, now)
    else if (due === 'expiry') await deps.records.commit(expired(deps, key, now))
    else {
      const { record, also } = await rotated(deps, key, now, 'AUTOMATIC')
      await deps.records.commit([put(key, record), ...also])
    }
  } catch (error) {
    // Somebody else was quicker, with this or with another change.
    if (!(error instanceof RevisionConflict)) throw error
  }
  await deps.tellOwnEvents()
  return false
}

/** Aliases go with the key, and the material first of all; what is left of grants means nothing without the key. */
async function end({ records, vault, quota }: Settling, key: Key, now: EpochMillis): Promise<void> {
  await quota.commitEnd(key.place, [
    { kind: 'delete', key: keyKey(key.place, key.keyId), expect: key.revision },
    ...key.backing.map(({ version }) => vault.removal({ ...key, version })),
    ...(await aliasRemovals(records, key.place, key.keyId)),
    toBeTold(key, 'DeleteKey', now),
  ])
  await removeGrantsOf(records, key.place, key.keyId)
}

function expired({ vault }: Settling, key: Key, now: EpochMillis): readonly RecordChange[] {
  const ended = key.backing.filter((one) => hasExpired(one, now))
  const backing = key.backing.map((one) => (ended.includes(one) ? withoutMaterial(one) : one))
  return [
    put(key, { ...recordOf(key), backing, state: 'PendingImport' }),
    ...ended.map((one) => removalOf(vault, key, one)),
    toBeTold(key, 'DeleteExpiredKeyMaterial', now),
  ]
}

/** Imported material that is gone, but whose identity is remembered: only the same can be imported again. */
export const withoutMaterial = (one: KeyRecord['backing'][number]): KeyRecord['backing'][number] => ({
  ...one,
  imported: {
    ...(one.imported?.description === undefined ? {} : { description: one.imported.description }),
    gone: true,
  },
})

const removalOf = (vault: Vault, key: Key, { version }: KeyRecord['backing'][number]): RecordChange =>
  vault.removal({ ...key, version })

/** New material becomes current, and older material goes on decrypting. A platform that was off rotates once. */
export async function rotated(
  { vault }: Pick<Settling, 'vault'>,
  key: Key,
  now: EpochMillis,
  rotation: 'AUTOMATIC' | 'ON_DEMAND',
): Promise<{ readonly record: KeyRecord; readonly also: readonly RecordChange[] }> {
  const version = (currentOf(key)?.version ?? 0) + 1
  const material = await newMaterial(key.spec)
  try {
    const deposit = vault.deposit({ ...key, version }, material)
    const schedule = key.rotation
    const record: KeyRecord = {
      ...recordOf(key),
      backing: [...key.backing, { version, materialId: newMaterialId(), since: now, rotation }],
      onDemandRotations: key.onDemandRotations + (rotation === 'ON_DEMAND' ? 1 : 0),
      ...(schedule === undefined || rotation === 'ON_DEMAND'
        ? {}
        : { rotation: { ...schedule, next: nextRotation(now, schedule.days) } }),
    }
    return { record, also: [deposit, toBeTold(key, 'RotateKey', now, rotation)] }
  } finally {
    material.fill(0)
  }
}

const put = (key: Key, value: KeyRecord): RecordChange => ({
  kind: 'put',
  key: keyKey(key.place, key.keyId),
  value,
  expect: key.revision,
})
