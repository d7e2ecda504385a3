import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Objects expire no more. */
export const deleteBucketLifecycle =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'DeleteBucketLifecycle'> =>
  async (input) => {
    await buckets.change(input.Bucket, ({ lifecycle: _dropped, ...bucket }) => bucket)
    return {}
  }
