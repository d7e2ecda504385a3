import type { S3Parts } from '#services/s3/deps.ts'
import { MAX_BUCKET_TAGS } from '#services/s3/limits.ts'
import { checkTags } from '#services/s3/tags.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Replaces the tags of a bucket. */
export const putBucketTagging =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutBucketTagging'> =>
  async (input) => {
    const tags = checkTags(input.Tagging.TagSet, MAX_BUCKET_TAGS)
    await buckets.change(input.Bucket, (bucket) => ({ ...bucket, tags }))
    return {}
  }
