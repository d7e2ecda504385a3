import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Takes what is so already. */
export const putBucketAbac =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutBucketAbac'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    if (input.AbacStatus.Status === 'Enabled') throw s3Errors.notBuilt('Access control by the tags of a bucket')
    return {}
  }
