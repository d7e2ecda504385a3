import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Where a bucket is; the first region is told by saying nothing. */
export const getBucketLocation =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketLocation'> =>
  async (input) => {
    const { region } = await buckets.require(input.Bucket)
    return region === 'us-east-1' ? {} : { LocationConstraint: region as 'eu-west-1' }
  }
