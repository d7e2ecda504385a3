import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Removes the policy; that there was none is no error. */
export const deleteBucketPolicy =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'DeleteBucketPolicy'> =>
  async (input) => {
    await buckets.change(input.Bucket, ({ policy: _dropped, ...bucket }) => bucket)
    return {}
  }
