import type { S3Parts } from '#services/s3/deps.ts'
import { defaultEncryption } from '#services/s3/encryption/default-encryption.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Replaces the default encryption of new objects. */
export const putBucketEncryption =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutBucketEncryption'> =>
  async (input) => {
    const encryption = defaultEncryption(input.ServerSideEncryptionConfiguration)
    await buckets.change(input.Bucket, (bucket) => ({ ...bucket, encryption }))
    return {}
  }
