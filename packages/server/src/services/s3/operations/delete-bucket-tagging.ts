import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Takes all tags off a bucket. */
export const deleteBucketTagging =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'DeleteBucketTagging'> =>
  async (input) => {
    await buckets.change(input.Bucket, ({ tags: _dropped, ...bucket }) => bucket)
    return {}
  }
