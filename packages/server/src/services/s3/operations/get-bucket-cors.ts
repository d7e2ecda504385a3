import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** The rules for web pages. */
export const getBucketCors =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketCors'> =>
  async (input) => {
    const { name, cors } = await buckets.require(input.Bucket)
    if (cors === undefined)
      throw s3Errors.notConfigured('NoSuchCORSConfiguration', 'The CORS configuration does not exist', name)
    return { CORSRules: cors }
  }
