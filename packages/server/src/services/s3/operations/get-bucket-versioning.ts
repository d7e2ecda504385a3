import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Nothing is said of a bucket that never had versions. */
export const getBucketVersioning =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketVersioning'> =>
  async (input) => {
    const { versioning } = await buckets.require(input.Bucket)
    return versioning === undefined ? {} : { Status: versioning }
  }
