import { principalName } from '#kernel/principal.ts'
import { attributesOf } from '#services/s3/attributes.ts'
import { kindOf, knownAlgorithm } from '#services/s3/bodies/checksums.ts'
import { checkKey } from '#services/s3/buckets/names.ts'
import { type Upload, Uploads } from '#services/s3/catalog/uploads.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { describeEncryption } from '#services/s3/encryption/described.ts'
import { wantedEncryption } from '#services/s3/encryption/wanted.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler, S3Input } from '#services/s3/types.ts'

/** Begins an upload in parts; how the object is encrypted is settled here. */
export const createMultipartUpload =
  ({ buckets, uploads, keys }: Pick<S3Parts, 'buckets' | 'uploads' | 'keys'>): S3Handler<'CreateMultipartUpload'> =>
  async (input, ctx) => {
    const key = input.Key
    checkKey(key)
    const bucket = await buckets.require(input.Bucket)
    const wanted = wantedEncryption(input, bucket)
    const checksum = checksumOf(input)
    const attributes = attributesOf(input, bucket, ctx.now)
    const { encryption } = await keys.make(wanted, { bucket, key }, ctx)
    const upload: Upload = {
      ...attributes,
      key,
      uploadId: Uploads.newId(ctx.now),
      initiated: ctx.now,
      initiator: principalName(ctx.principal),
      encryption,
      ...checksum,
    }
    await uploads.begin(bucket, upload)
    return {
      Bucket: bucket.name,
      Key: key,
      UploadId: upload.uploadId,
      ...describeEncryption(encryption, wanted.kind === 'customer' ? wanted.md5 : undefined),
      ...(upload.checksum === undefined
        ? {}
        : { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.type }),
    }
  }

function checksumOf({ ChecksumAlgorithm, ChecksumType }: S3Input<'CreateMultipartUpload'>): Pick<Upload, 'checksum'> {
  if (ChecksumAlgorithm === undefined) {
    if (ChecksumType === undefined) return {}
    throw s3Errors.invalidRequest(
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    )
  }
  const algorithm = knownAlgorithm(ChecksumAlgorithm)
  return { checksum: { algorithm, type: kindOf(algorithm, ChecksumType) } }
}
