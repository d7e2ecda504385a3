import type { S3Parts } from '#services/s3/deps.ts'
import { ownersAcl } from '#services/s3/owner.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** ACLs are off: the owner has everything, and nobody else anything. */
export const getBucketAcl =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketAcl'> =>
  async (input) => {
    const { owner } = await buckets.require(input.Bucket)
    return ownersAcl(owner)
  }
