import type { S3Parts } from '#services/s3/deps.ts'
import { bucketArn } from '#services/s3/buckets/bucket.ts'
import { checkBucketPolicy } from '#services/s3/access/bucket-policy.ts'
import { principalName } from '#kernel/principal.ts'
import { refusesPolicy } from '@sluice/policy'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Replaces the policy; what is blocked from being public cannot become so. */
export const putBucketPolicy =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutBucketPolicy'> =>
  async (input, ctx) => {
    const policy = checkBucketPolicy(input.Bucket, input.Policy)
    await buckets.change(input.Bucket, (bucket) => {
      if (bucket.publicAccess !== undefined && refusesPolicy(bucket.publicAccess, policy)) {
        throw s3Errors.accessDenied(
          `User: ${principalName(ctx.principal)} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn(bucket.name)}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
        )
      }
      return { ...bucket, policy: input.Policy }
    })
    return {}
  }
