import { AwsError } from '#kernel/errors.ts'
import { targetBucket } from '#services/s3/access/target.ts'
import { deletionChecks } from '#services/s3/access/writes.ts'
import { checkKey } from '#services/s3/buckets/names.ts'
import { removeObject } from '#services/s3/catalog/remove-object.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_DELETES } from '#services/s3/limits.ts'
import type { S3Handler, S3Output } from '#services/s3/types.ts'

type Output = S3Output<'DeleteObjects'>
type Deleted = NonNullable<Output['Deleted']>[number]
type Failed = NonNullable<Output['Errors']>[number]

/** Removes up to a thousand objects; each is allowed, refused and told by itself. */
export const deleteObjects =
  (parts: Pick<S3Parts, 'buckets' | 'catalog' | 'clock'>): S3Handler<'DeleteObjects'> =>
  async (input, ctx) => {
    const { Objects: objects, Quiet: quiet } = input.Delete
    if (objects.length === 0 || objects.length > MAX_DELETES) throw s3Errors.malformedXml()
    const bucket = await targetBucket(parts.buckets, input, ctx)
    const bypass = input.BypassGovernanceRetention === true
    const deleted: Deleted[] = []
    const failed: Failed[] = []
    for (const { Key, VersionId, ETag } of objects) {
      const named = { Key, ...(VersionId === undefined ? {} : { VersionId }) }
      try {
        checkKey(Key)
        for (const check of await deletionChecks(parts, bucket, { Key, VersionId, bypass }, ctx))
          await ctx.gate.require(check)
        const { marker, versionId } = await removeObject(parts.catalog, bucket, {
          key: Key,
          versionId: VersionId,
          now: ctx.now,
          bypass,
          allow: (current) => {
            if (ETag !== undefined && current?.etag !== ETag.replace(/^"(.*)"$/, '$1'))
              throw current === undefined ? s3Errors.noSuchKey(Key) : s3Errors.preconditionFailed('If-Match')
          },
        })
        deleted.push({
          ...named,
          ...(marker && versionId !== undefined ? { DeleteMarker: true, DeleteMarkerVersionId: versionId } : {}),
        })
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        failed.push({ ...named, Code: error.code, Message: error.message })
      }
    }
    return {
      ...(quiet === true ? {} : { Deleted: deleted }),
      ...(failed.length === 0 ? {} : { Errors: failed }),
    }
  }
