import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** No bucket is a website. */
export const getBucketWebsite =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketWebsite'> =>
  async (input) => {
    const { name } = await buckets.require(input.Bucket)
    throw s3Errors.notConfigured(
      'NoSuchWebsiteConfiguration',
      'The specified bucket does not have a website configuration',
      name,
    )
  }
