import { checkPartNumber, receivePart } from '#services/s3/bodies/receive-part.ts'
import { quoted } from '#services/s3/catalog/found-object.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Stores one part of an upload; of two with the same number the later one counts. */
export const uploadPart =
  (parts: Pick<S3Parts, 'buckets' | 'uploads' | 'keys' | 'objects'>): S3Handler<'UploadPart'> =>
  async (input, ctx) => {
    checkPartNumber(input.PartNumber)
    const bucket = await parts.buckets.require(input.Bucket)
    const upload = await parts.uploads.require(bucket, input.Key, input.UploadId)
    const { part, members } = await receivePart(
      parts,
      { bucket, upload, number: input.PartNumber, input, body: input.Body, isCopy: false },
      ctx,
    )
    return { ETag: quoted(part.etag), ...members }
  }
