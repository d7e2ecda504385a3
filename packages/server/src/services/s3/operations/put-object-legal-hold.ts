import type { S3Parts } from '#services/s3/deps.ts'
import { restateObject } from '#services/s3/catalog/restate-object.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Holds a version, or lets it go. */
export const putObjectLegalHold =
  ({ buckets, catalog }: Pick<S3Parts, 'buckets' | 'catalog'>): S3Handler<'PutObjectLegalHold'> =>
  async (input) => {
    const status = input.LegalHold?.Status
    if (status === undefined) throw s3Errors.malformedXml()
    const bucket = await buckets.require(input.Bucket)
    if (bucket.lock === undefined) throw s3Errors.invalidRequest('Bucket is missing Object Lock Configuration')
    await restateObject(catalog, bucket, input, (object) => ({ ...object, legalHold: status === 'ON' }))
    return {}
  }
