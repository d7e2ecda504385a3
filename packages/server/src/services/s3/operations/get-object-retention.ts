import type { S3Parts } from '#services/s3/deps.ts'
import { resolveObject } from '#services/s3/catalog/resolve.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Until when a version may not go. */
export const getObjectRetention =
  ({ buckets, catalog }: Pick<S3Parts, 'buckets' | 'catalog'>): S3Handler<'GetObjectRetention'> =>
  async (input) => {
    const bucket = await buckets.require(input.Bucket)
    if (bucket.lock === undefined) throw s3Errors.invalidRequest('Bucket is missing Object Lock Configuration')
    const { retention } = await resolveObject(catalog, bucket, input, 'GET')
    if (retention === undefined) throw s3Errors.noObjectLock(input.Key)
    return { Retention: { Mode: retention.mode, RetainUntilDate: retention.until } }
  }
