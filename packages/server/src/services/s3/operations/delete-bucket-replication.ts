import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** There is no replication to end, which is no error. */
export const deleteBucketReplication =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'DeleteBucketReplication'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    return {}
  }
