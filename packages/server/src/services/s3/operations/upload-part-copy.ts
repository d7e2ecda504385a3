import { checksumMembers } from '#services/s3/bodies/checksums.ts'
import { readCopyRange } from '#services/s3/bodies/range.ts'
import { checkPartNumber, receivePart } from '#services/s3/bodies/receive-part.ts'
import { reading } from '#services/s3/bodies/send.ts'
import { findCopied } from '#services/s3/catalog/copied-object.ts'
import { quoted } from '#services/s3/catalog/found-object.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Stores a part made of another object's bytes. */
export const uploadPartCopy =
  (parts: Pick<S3Parts, 'buckets' | 'uploads' | 'catalog' | 'keys' | 'objects'>): S3Handler<'UploadPartCopy'> =>
  (input, ctx) =>
    reading(parts.objects, async (begun) => {
      checkPartNumber(input.PartNumber)
      const bucket = await parts.buckets.require(input.Bucket)
      const upload = await parts.uploads.require(bucket, input.Key, input.UploadId)
      const copied = await findCopied(parts, input, ctx, begun)
      const body = await copied.read(readCopyRange(input.CopySourceRange, copied.object.size))
      const { part, members } = await receivePart(
        parts,
        { bucket, upload, number: input.PartNumber, input, body, isCopy: true },
        ctx,
      )
      return {
        CopyPartResult: { ETag: quoted(part.etag), LastModified: part.modified, ...checksumMembers(part.checksum) },
        ...(copied.bucket.versioning === undefined ? {} : { CopySourceVersionId: copied.object.versionId }),
        ...members,
      }
    })
