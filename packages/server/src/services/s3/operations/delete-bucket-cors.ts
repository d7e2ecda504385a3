import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** No web page may read the bucket any more. */
export const deleteBucketCors =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'DeleteBucketCors'> =>
  async (input) => {
    await buckets.change(input.Bucket, ({ cors: _dropped, ...bucket }) => bucket)
    return {}
  }
