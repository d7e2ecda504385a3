import type { S3Parts } from '#services/s3/deps.ts'
import { checkLockConfiguration } from '#services/s3/lock/configuration.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Switches locking on for good, and sets how new versions are locked. */
export const putObjectLockConfiguration =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutObjectLockConfiguration'> =>
  async (input) => {
    const lock = checkLockConfiguration(input.ObjectLockConfiguration)
    await buckets.change(input.Bucket, (bucket) => {
      if (bucket.versioning !== 'Enabled') {
        throw s3Errors.conflictingState(
          "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
        )
      }
      return { ...bucket, lock }
    })
    return {}
  }
