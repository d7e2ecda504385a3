import { type EpochMillis, newUuid } from '#kernel/ids.ts'
import type { KeyRecord } from '#services/kms/keys/key-record.ts'
import { newMaterialId } from '#services/kms/keys/settle.ts'
import { newMaterial } from '#services/kms/material/generate.ts'
import type { Vault } from '#services/kms/material/vault.ts'
import type { KmsPlace } from '#services/kms/types.ts'
import type { RecordChange } from '#stores/records/record-store.ts'

/** A key that is to be committed, with its material. */
export interface NewKey {
  readonly keyId: string
  readonly record: KeyRecord
  /** Left empty when the material is to be imported. */
  readonly material: readonly RecordChange[]
}

const STANDARD = {
  description: '',
  spec: 'SYMMETRIC_DEFAULT',
  usage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
  manager: 'CUSTOMER',
  multiRegion: false,
  tags: [],
} as const

/** A new key with new material; what is not said is as CreateKey takes it. */
export async function newKey(
  vault: Vault,
  place: KmsPlace,
  now: EpochMillis,
  wanted: Pick<KeyRecord, 'policy'> & Partial<KeyRecord> & { readonly keyId?: string },
): Promise<NewKey> {
  const { keyId = newKeyId(wanted.multiRegion === true), ...given } = wanted
  const record: KeyRecord = {
    ...STANDARD,
    createdAt: now,
    state: 'Enabled',
    onDemandRotations: 0,
    grants: 0,
    backing: [{ version: 1, materialId: newMaterialId(), since: now }],
    ...given,
  }
  if (record.origin === 'EXTERNAL')
    return { keyId, record: { ...record, state: 'PendingImport', backing: [] }, material: [] }
  const material = await newMaterial(record.spec)
  try {
    return { keyId, record, material: [vault.deposit({ place, keyId, version: 1 }, material)] }
  } finally {
    material.fill(0)
  }
}

/** A UUID, or for a key of several regions `mrk-` and 32 digits. */
export const newKeyId = (multiRegion: boolean): string =>
  multiRegion ? `mrk-${newUuid().replaceAll('-', '')}` : newUuid()
