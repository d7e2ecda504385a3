import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Who pays: there is nothing to pay for, so it stays with the owner. */
export const getBucketRequestPayment =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketRequestPayment'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    return { Payer: 'BucketOwner' }
  }
