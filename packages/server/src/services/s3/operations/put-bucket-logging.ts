import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Takes that no access logs are written. */
export const putBucketLogging =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutBucketLogging'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    if (input.BucketLoggingStatus.LoggingEnabled !== undefined) throw s3Errors.notBuilt('Server access logging')
    return {}
  }
