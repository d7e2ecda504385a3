import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** The policy as it was put. */
export const getBucketPolicy =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketPolicy'> =>
  async (input) => {
    const { name, policy } = await buckets.require(input.Bucket)
    if (policy === undefined) throw s3Errors.noPolicy(name)
    return { Policy: policy }
  }
