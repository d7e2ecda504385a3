import type { EpochMillis } from '#kernel/ids.ts'
import type { Tag } from '#kernel/principal.ts'
import type { Encryption } from '#services/s3/encryption/encryption.ts'
import type { Blob } from '#stores/objects/object-store.ts'

/** S3's names of checksums that can be computed here. */
export type ChecksumName = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256' | 'SHA512' | 'MD5'
export type ChecksumKind = 'FULL_OBJECT' | 'COMPOSITE'

export interface Checksum {
  readonly algorithm: ChecksumName
  readonly type: ChecksumKind
  /** Base64; of a composite one with `-<parts>` behind it. */
  readonly value: string
}

/** Where an object's bytes are: in one blob, or in those of its parts, which a record of their own lists. */
export type Body =
  | { readonly kind: 'blob'; readonly blob: Blob }
  | { readonly kind: 'parts'; readonly manifest: string; readonly count: number }

/** A part of an object that was uploaded in several. */
export interface ObjectPart {
  readonly number: number
  readonly blob: Blob
  readonly checksum?: Checksum
}

/** Headers that are stored with an object and given back with it. */
export interface SystemHeaders {
  readonly contentType?: string
  readonly cacheControl?: string
  readonly contentDisposition?: string
  readonly contentEncoding?: string
  readonly contentLanguage?: string
  readonly expires?: EpochMillis
}

export interface Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE'
  readonly until: EpochMillis
}

/** What can be said about an object when it is created. */
export interface ObjectAttributes {
  readonly headers: SystemHeaders
  readonly metadata: Readonly<Record<string, string>>
  readonly storageClass?: string
  readonly tags?: readonly Tag[]
  readonly retention?: Retention
  readonly legalHold?: boolean
}

interface Entry {
  readonly key: string
  /** `null`, or 32 characters. */
  readonly versionId: string
  /** Grows with every version of a key. */
  readonly seq: number
  readonly modified: EpochMillis
}

export interface ObjectVersion extends Entry, ObjectAttributes {
  readonly kind: 'object'
  readonly size: number
  /** Without quotation marks. */
  readonly etag: string
  readonly body: Body
  readonly checksum?: Checksum
  readonly encryption: Encryption
}

export interface DeleteMarker extends Entry {
  readonly kind: 'marker'
}

export type Version = ObjectVersion | DeleteMarker
