import { bucketArn } from '#services/s3/buckets/bucket.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Whether a bucket is there and may be used, and where it is. */
export const headBucket =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'HeadBucket'> =>
  async (input) => {
    const bucket = await buckets.require(input.Bucket)
    return { BucketRegion: bucket.region, BucketArn: bucketArn(bucket.name), AccessPointAlias: false }
  }
