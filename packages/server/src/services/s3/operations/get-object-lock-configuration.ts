import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Whether versions can be locked, and how new ones are. */
export const getObjectLockConfiguration =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetObjectLockConfiguration'> =>
  async (input) => {
    const { name, lock } = await buckets.require(input.Bucket)
    if (lock === undefined) {
      throw s3Errors.notConfigured(
        'ObjectLockConfigurationNotFoundError',
        'Object Lock configuration does not exist for this bucket',
        name,
      )
    }
    return { ObjectLockConfiguration: lock }
  }
