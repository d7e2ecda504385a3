import type { EpochMillis } from '#kernel/ids.ts'
import type { Tag } from '#kernel/principal.ts'
import { keyArn } from '#services/kms/arns.ts'
import type { BuiltSpec, KeyUsage } from '#services/kms/keys/specs.ts'
import type { KmsPlace } from '#services/kms/types.ts'
import type { RecordKey, StoredRecord } from '#stores/records/record-store.ts'

/** Key material of a key, without the material: that is a record of its own, sealed. */
export interface BackingKey {
  /** 1 for the first; ciphertexts carry it. */
  readonly version: number
  /** 64 hexadecimal digits: KMS's KeyMaterialId. */
  readonly materialId: string
  /** When it became current. */
  readonly since: EpochMillis
  /** How it came; left out: with the key, or by its first import. */
  readonly rotation?: 'AUTOMATIC' | 'ON_DEMAND'
  /** Imported material only. */
  readonly imported?: {
    readonly validTo?: EpochMillis
    readonly description?: string
    /** Expired or deleted: it can be imported again, and only the same. */
    readonly gone: boolean
  }
}

export type StoredState = 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingImport'

/** A key as it is stored, under its id. */
export interface KeyRecord {
  readonly createdAt: EpochMillis
  readonly description: string
  readonly spec: BuiltSpec
  readonly usage: KeyUsage
  readonly origin: 'AWS_KMS' | 'EXTERNAL'
  readonly manager: 'CUSTOMER' | 'AWS'
  readonly multiRegion: boolean
  readonly state: StoredState
  /** While it is pending deletion. */
  readonly deletionDate?: EpochMillis
  readonly policy: string
  readonly tags: readonly Tag[]
  /** Oldest first; the last one is current. Empty until the first import. */
  readonly backing: readonly BackingKey[]
  /** Left out: it does not rotate by itself. */
  readonly rotation?: { readonly days: number; readonly next: EpochMillis }
  readonly onDemandRotations: number
  readonly grants: number
}

/** A key with where it is. */
export interface Key extends KeyRecord {
  readonly place: KmsPlace
  readonly keyId: string
  readonly arn: string
  readonly revision: number
}

export const KEYS = 'kms.key'
const MATERIAL = 'kms.material'

export const keyKey = ({ account, region }: KmsPlace, keyId: string): RecordKey => ({
  collection: KEYS,
  account,
  region,
  id: keyId,
})

export const materialKey = ({ account, region }: KmsPlace, keyId: string, version: number): RecordKey => ({
  collection: MATERIAL,
  account,
  region,
  id: `${keyId}/${String(version)}`,
})

export const keyOf = (place: KmsPlace, { key, revision, value }: StoredRecord<KeyRecord>): Key => ({
  ...value,
  place,
  keyId: key.id,
  arn: keyArn(place, key.id),
  revision,
})

/** The stored part of a key, to be written back changed. */
export function recordOf(key: Key): KeyRecord {
  const { place: _place, keyId: _keyId, arn: _arn, revision: _revision, ...record } = key
  return record
}
