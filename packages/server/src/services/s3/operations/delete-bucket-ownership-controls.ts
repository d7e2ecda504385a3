import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Forgets the ownership that was put; ACLs stay off. */
export const deleteBucketOwnershipControls =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'DeleteBucketOwnershipControls'> =>
  async (input) => {
    await buckets.change(input.Bucket, ({ ownership: _dropped, ...bucket }) => bucket)
    return {}
  }
