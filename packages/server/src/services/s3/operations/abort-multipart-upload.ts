import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Drops an upload with all its parts. */
export const abortMultipartUpload =
  ({ buckets, uploads }: Pick<S3Parts, 'buckets' | 'uploads'>): S3Handler<'AbortMultipartUpload'> =>
  async ({ Bucket, Key, UploadId, IfMatchInitiatedTime: since }) => {
    const bucket = await buckets.require(Bucket)
    const upload = await uploads.require(bucket, Key, UploadId)
    if (since !== undefined && Math.floor(upload.initiated / 1_000) !== Math.floor(since / 1_000))
      throw s3Errors.preconditionFailed('x-amz-if-match-initiated-time')
    await uploads.abort(bucket, upload)
    return {}
  }
