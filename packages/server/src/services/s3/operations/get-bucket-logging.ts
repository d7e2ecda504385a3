import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Access logs are not written, so nothing is said. */
export const getBucketLogging =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketLogging'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    return {}
  }
