import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** None can be made, so none is there. */
export const getBucketMetadataConfiguration =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketMetadataConfiguration'> =>
  async (input) => {
    const { name } = await buckets.require(input.Bucket)
    throw s3Errors.notConfigured('MetadataConfigurationNotFound', 'The metadata configuration does not exist.', name)
  }
