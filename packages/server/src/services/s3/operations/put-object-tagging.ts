import type { S3Parts } from '#services/s3/deps.ts'
import { checkTags } from '#services/s3/tags.ts'
import { restateObject } from '#services/s3/catalog/restate-object.ts'
import { versionMember } from '#services/s3/catalog/resolve.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Replaces the tags of a version. */
export const putObjectTagging =
  ({ buckets, catalog }: Pick<S3Parts, 'buckets' | 'catalog'>): S3Handler<'PutObjectTagging'> =>
  async (input) => {
    const tags = checkTags(input.Tagging.TagSet)
    const bucket = await buckets.require(input.Bucket)
    const object = await restateObject(catalog, bucket, input, (before) => ({ ...before, tags }))
    return versionMember(bucket, object)
  }
