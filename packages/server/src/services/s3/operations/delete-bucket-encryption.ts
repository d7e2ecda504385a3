import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Back to what every bucket has: SSE-S3. */
export const deleteBucketEncryption =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'DeleteBucketEncryption'> =>
  async (input) => {
    await buckets.change(input.Bucket, (bucket) => ({ ...bucket, encryption: { algorithm: 'AES256' } }))
    return {}
  }
