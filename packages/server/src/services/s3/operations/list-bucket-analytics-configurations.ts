import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** None can be put, so there are none. */
export const listBucketAnalyticsConfigurations =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'ListBucketAnalyticsConfigurations'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    return { IsTruncated: false }
  }
