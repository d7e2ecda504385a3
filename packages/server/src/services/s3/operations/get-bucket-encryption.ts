import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** How objects are encrypted that do not say it themselves. */
export const getBucketEncryption =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketEncryption'> =>
  async (input) => {
    const { encryption } = await buckets.require(input.Bucket)
    const { algorithm, keyId, bucketKey = false } = encryption
    return {
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: {
              SSEAlgorithm: algorithm,
              ...(keyId === undefined ? {} : { KMSMasterKeyID: keyId }),
            },
            BucketKeyEnabled: bucketKey,
          },
        ],
      },
    }
  }
