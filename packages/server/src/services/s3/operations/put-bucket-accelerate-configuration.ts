import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Takes that nothing is accelerated. */
export const putBucketAccelerateConfiguration =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutBucketAccelerateConfiguration'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    if (input.AccelerateConfiguration.Status === 'Enabled') throw s3Errors.notBuilt('Transfer acceleration')
    return {}
  }
