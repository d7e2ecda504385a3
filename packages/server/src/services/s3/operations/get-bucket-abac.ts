import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Tags of a bucket decide nothing. */
export const getBucketAbac =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketAbac'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    return { AbacStatus: { Status: 'Disabled' } }
  }
