import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Nothing is accelerated. */
export const getBucketAccelerateConfiguration =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketAccelerateConfiguration'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    return {}
  }
