import type { S3Parts } from '#services/s3/deps.ts'
import { restateObject } from '#services/s3/catalog/restate-object.ts'
import { versionMember } from '#services/s3/catalog/resolve.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Takes all tags off a version. */
export const deleteObjectTagging =
  ({ buckets, catalog }: Pick<S3Parts, 'buckets' | 'catalog'>): S3Handler<'DeleteObjectTagging'> =>
  async (input) => {
    const bucket = await buckets.require(input.Bucket)
    const object = await restateObject(catalog, bucket, input, ({ tags: _tags, ...others }) => others)
    return versionMember(bucket, object)
  }
