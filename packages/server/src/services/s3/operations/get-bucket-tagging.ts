import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** The tags of a bucket. */
export const getBucketTagging =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketTagging'> =>
  async (input) => {
    const { name, tags } = await buckets.require(input.Bucket)
    if (tags === undefined) throw s3Errors.notConfigured('NoSuchTagSet', 'The TagSet does not exist', name)
    return { TagSet: tags }
  }
