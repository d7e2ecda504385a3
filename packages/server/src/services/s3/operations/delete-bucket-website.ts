import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** There is no website to remove, which is no error. */
export const deleteBucketWebsite =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'DeleteBucketWebsite'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    return {}
  }
