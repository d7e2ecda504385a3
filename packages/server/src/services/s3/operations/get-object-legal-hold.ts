import type { S3Parts } from '#services/s3/deps.ts'
import { resolveObject } from '#services/s3/catalog/resolve.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Whether a version is held. */
export const getObjectLegalHold =
  ({ buckets, catalog }: Pick<S3Parts, 'buckets' | 'catalog'>): S3Handler<'GetObjectLegalHold'> =>
  async (input) => {
    const bucket = await buckets.require(input.Bucket)
    if (bucket.lock === undefined) throw s3Errors.invalidRequest('Bucket is missing Object Lock Configuration')
    const { legalHold } = await resolveObject(catalog, bucket, input, 'GET')
    if (legalHold === undefined) throw s3Errors.noObjectLock(input.Key)
    return { LegalHold: { Status: legalHold ? 'ON' : 'OFF' } }
  }
