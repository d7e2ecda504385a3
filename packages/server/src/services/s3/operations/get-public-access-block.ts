import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** The four settings of Block Public Access. */
export const getPublicAccessBlock =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetPublicAccessBlock'> =>
  async (input) => {
    const { name, publicAccess } = await buckets.require(input.Bucket)
    if (publicAccess === undefined) {
      throw s3Errors.notConfigured(
        'NoSuchPublicAccessBlockConfiguration',
        'The public access block configuration was not found',
        name,
      )
    }
    return {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: publicAccess.blockPublicAcls,
        IgnorePublicAcls: publicAccess.ignorePublicAcls,
        BlockPublicPolicy: publicAccess.blockPublicPolicy,
        RestrictPublicBuckets: publicAccess.restrictPublicBuckets,
      },
    }
  }
