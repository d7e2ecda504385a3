import type { CallContext } from '#kernel/call.ts'
import { checkCopySource } from '#services/s3/bodies/conditions.ts'
import type { ByteRange } from '#services/s3/bodies/range.ts'
import { send } from '#services/s3/bodies/send.ts'
import type { Bucket } from '#services/s3/buckets/bucket.ts'
import { type CopySource, readCopySource } from '#services/s3/catalog/copy-source.ts'
import type { ObjectVersion } from '#services/s3/catalog/object-version.ts'
import { resolveObject } from '#services/s3/catalog/resolve.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { customerKey } from '#services/s3/encryption/wanted.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_COPY_BYTES } from '#services/s3/limits.ts'
import type { Reading } from '#stores/objects/object-store.ts'

export interface CopyInput {
  readonly CopySource: string
  readonly CopySourceIfMatch?: string | undefined
  readonly CopySourceIfNoneMatch?: string | undefined
  readonly CopySourceIfModifiedSince?: number | undefined
  readonly CopySourceIfUnmodifiedSince?: number | undefined
  readonly CopySourceSSECustomerAlgorithm?: string | undefined
  readonly CopySourceSSECustomerKey?: string | undefined
  readonly CopySourceSSECustomerKeyMD5?: string | undefined
}

export interface CopiedObject {
  readonly source: CopySource
  readonly bucket: Bucket
  readonly object: ObjectVersion
  /** Its bytes, or a range of them. @throws S3Error InvalidRequest when these are more than a copy may have */
  read(range?: ByteRange): Promise<AsyncIterable<Uint8Array>>
}

/** The object that a copy is made of; its bytes stay as long as it is being read. @throws S3Error for what does not hold of it */
export async function findCopied(
  { buckets, catalog, keys, objects }: Pick<S3Parts, 'buckets' | 'catalog' | 'keys' | 'objects'>,
  input: CopyInput,
  ctx: CallContext,
  begun: Reading,
): Promise<CopiedObject> {
  const source = readCopySource(input.CopySource)
  const given = customerKey({
    SSECustomerAlgorithm: input.CopySourceSSECustomerAlgorithm,
    SSECustomerKey: input.CopySourceSSECustomerKey,
    SSECustomerKeyMD5: input.CopySourceSSECustomerKeyMD5,
  })
  const bucket = await buckets.require(source.bucket)
  const object = await resolveObject(catalog, bucket, { Key: source.key, VersionId: source.versionId }, 'GET')
  const parts = await catalog.parts(bucket, object)
  checkCopySource(
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    object,
  )
  return {
    source,
    bucket,
    object,
    async read(range = { from: 0, to: object.size }) {
      if (range.to - range.from > MAX_COPY_BYTES) {
        throw s3Errors.invalidRequest(
          `The specified copy source is larger than the maximum allowable size for a copy source: ${String(MAX_COPY_BYTES)}`,
        )
      }
      const dataKey = await keys.open(object.encryption, given, { bucket, key: object.key }, ctx)
      return send(objects, begun, dataKey, parts, range)
    },
  }
}
