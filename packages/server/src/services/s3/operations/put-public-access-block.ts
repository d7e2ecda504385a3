import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Replaces the four settings; one that is not named is off. */
export const putPublicAccessBlock =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutPublicAccessBlock'> =>
  async (input) => {
    const asked = input.PublicAccessBlockConfiguration
    const publicAccess = {
      blockPublicAcls: asked.BlockPublicAcls === true,
      ignorePublicAcls: asked.IgnorePublicAcls === true,
      blockPublicPolicy: asked.BlockPublicPolicy === true,
      restrictPublicBuckets: asked.RestrictPublicBuckets === true,
    }
    await buckets.change(input.Bucket, (bucket) => ({ ...bucket, publicAccess }))
    return {}
  }
