import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Who owns objects that others upload: the bucket's owner. */
export const getBucketOwnershipControls =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketOwnershipControls'> =>
  async (input) => {
    const { name, ownership } = await buckets.require(input.Bucket)
    if (ownership === undefined) {
      throw s3Errors.notConfigured(
        'OwnershipControlsNotFoundError',
        'The bucket ownership controls were not found',
        name,
      )
    }
    return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } }
  }
