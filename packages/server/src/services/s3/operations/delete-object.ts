import { checkWrite } from '#services/s3/bodies/conditions.ts'
import { checkKey } from '#services/s3/buckets/names.ts'
import { removeObject } from '#services/s3/catalog/remove-object.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Removes an object or one version of it; in a bucket with versions a delete marker hides it. */
export const deleteObject =
  ({ buckets, catalog }: Pick<S3Parts, 'buckets' | 'catalog'>): S3Handler<'DeleteObject'> =>
  async (input, ctx) => {
    if ((input.IfMatchLastModifiedTime ?? input.IfMatchSize) !== undefined)
      throw s3Errors.notBuilt('A condition on the time or size of an object that is deleted')
    checkKey(input.Key)
    const bucket = await buckets.require(input.Bucket)
    const { marker, versionId } = await removeObject(catalog, bucket, {
      key: input.Key,
      versionId: input.VersionId,
      now: ctx.now,
      bypass: input.BypassGovernanceRetention === true,
      allow: checkWrite(input.Key, { IfMatch: input.IfMatch }),
    })
    return {
      ...(marker ? { DeleteMarker: true } : {}),
      ...(versionId === undefined ? {} : { VersionId: versionId }),
    }
  }
