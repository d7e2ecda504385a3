import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Nobody is told of events. */
export const getBucketNotificationConfiguration =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketNotificationConfiguration'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    return {}
  }
