import { GLOBAL_REGION } from '#kernel/ids.ts'
import { oneByOne } from '#kernel/one-by-one.ts'
import type { Bucket } from '#services/s3/buckets/bucket.ts'
import type { BucketGate } from '#services/s3/buckets/bucket-gate.ts'
import type { Buckets } from '#services/s3/buckets/buckets.ts'
import type { Garbage } from '#services/s3/catalog/garbage.ts'
import { PARTS, newVersionId, partKey, partPrefix, seqAt, uploadKey } from '#services/s3/catalog/keys.ts'
import type { Checksum, ChecksumKind, ChecksumName, ObjectAttributes } from '#services/s3/catalog/object-version.ts'
import type { Encryption } from '#services/s3/encryption/encryption.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_PARTS } from '#services/s3/limits.ts'
import { blobKept } from '#stores/objects/blob-record.ts'
import type { Blob, BlobId, Written } from '#stores/objects/object-store.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'

/** An upload in parts that was begun. */
export interface Upload extends ObjectAttributes {
  readonly key: string
  readonly uploadId: string
  readonly initiated: number
  /** ARN of who began it. */
  readonly initiator: string
  readonly encryption: Encryption
  /** Left out: CRC64NVME of the whole, where every part has one. */
  readonly checksum?: { readonly algorithm: ChecksumName; readonly type: ChecksumKind }
}

export interface UploadedPart {
  readonly number: number
  readonly blob: Blob
  /** Hex MD5. */
  readonly etag: string
  readonly modified: number
  readonly checksum?: Checksum
}

export interface UploadsDeps {
  readonly records: RecordStore
  readonly buckets: Buckets
  readonly gate: BucketGate
  readonly garbage: Garbage
}

/** Uploads in parts, of all buckets. Work on one upload comes one after the other. */
export class Uploads {
  readonly #deps: UploadsDeps
  readonly #turns = oneByOne()

  constructor(deps: UploadsDeps) {
    this.#deps = deps
  }

  /** An id that no other upload has, and that sorts by the time when it was made. */
  static newId = (now: number): string => `${newVersionId(seqAt(now, 0))}${newVersionId(seqAt(now, 0)).slice(9)}`

  async find(bucket: Bucket, key: string, uploadId: string): Promise<Upload | undefined> {
    if (!UPLOAD_ID.test(uploadId)) return undefined
    return (await this.#deps.records.get<Upload>(uploadKey(bucket.id, key, uploadId)))?.value
  }

  /** @throws S3Error NoSuchUpload */
  async require(bucket: Bucket, key: string, uploadId: string): Promise<Upload> {
    const upload = await this.find(bucket, key, uploadId)
    if (upload === undefined) throw s3Errors.noSuchUpload(uploadId)
    return upload
  }

  begin(bucket: Bucket, upload: Upload): Promise<void> {
    const { records, gate, buckets } = this.#deps
    return gate.shared(bucket.id, async () => {
      if ((await buckets.require(bucket.name)).id !== bucket.id) throw s3Errors.noSuchBucket(bucket.name)
      const key = uploadKey(bucket.id, upload.key, upload.uploadId)
      await records.commit([{ kind: 'put', key, value: upload, expect: 0 }])
    })
  }

  /** Stores a part, in the place of one of the same number. @throws S3Error NoSuchUpload when it was ended meanwhile */
  addPart(
    bucket: Bucket,
    { key, uploadId }: Pick<Upload, 'key' | 'uploadId'>,
    part: UploadedPart,
    written: Written,
  ): Promise<void> {
    return this.alone(uploadId, async () => {
      await this.require(bucket, key, uploadId)
      const { records, garbage } = this.#deps
      const at = partKey(bucket.id, uploadId, part.number)
      const before = (await records.get<UploadedPart>(at))?.value
      const dropped = before === undefined ? [] : [before.blob.id]
      await records.commit([{ kind: 'put', key: at, value: part }, blobKept(written), ...garbage.dropped(dropped)])
      void garbage.free(dropped)
    })
  }

  /** By number. */
  async parts(
    bucket: Bucket,
    uploadId: string,
    options: { readonly after?: number; readonly limit?: number } = {},
  ): Promise<readonly UploadedPart[]> {
    const { after, limit = MAX_PARTS } = options
    const stored = await this.#deps.records.list<UploadedPart>(PARTS, bucket.id, GLOBAL_REGION, {
      prefix: partPrefix(uploadId),
      limit,
      ...(after === undefined ? {} : { after: partKey(bucket.id, uploadId, after).id }),
    })
    return stored.map(({ value }) => value)
  }

  /** What ends an upload, as part of a commit; blobs that `keep` does not name are dropped. */
  async ending(
    bucket: Bucket,
    { key, uploadId }: Upload,
    keep: ReadonlySet<BlobId>,
  ): Promise<{ readonly changes: readonly RecordChange[]; readonly dropped: readonly BlobId[] }> {
    const parts = await this.parts(bucket, uploadId)
    const dropped = parts.map(({ blob }) => blob.id).filter((id) => !keep.has(id))
    return {
      dropped,
      changes: [
        { kind: 'delete', key: uploadKey(bucket.id, key, uploadId) },
        ...parts.map(({ number }) => ({ kind: 'delete', key: partKey(bucket.id, uploadId, number) }) as const),
        ...this.#deps.garbage.dropped(dropped),
      ],
    }
  }

  /** Drops an upload with its parts. */
  abort(bucket: Bucket, upload: Upload): Promise<void> {
    return this.alone(upload.uploadId, async () => {
      await this.require(bucket, upload.key, upload.uploadId)
      const { changes, dropped } = await this.ending(bucket, upload, new Set())
      await this.#deps.records.commit(changes)
      void this.#deps.garbage.free(dropped)
    })
  }

  /** Runs while nothing else changes this upload. */
  alone<T>(uploadId: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.run(uploadId, work)
  }
}

const UPLOAD_ID = /^[0-9A-Za-z]{55}$/
