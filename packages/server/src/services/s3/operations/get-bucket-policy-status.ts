import type { S3Parts } from '#services/s3/deps.ts'
import { cachedPolicy, isPublicPolicy } from '@sluice/policy'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Whether the policy lets everybody in. */
export const getBucketPolicyStatus =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketPolicyStatus'> =>
  async (input) => {
    const { name, policy } = await buckets.require(input.Bucket)
    if (policy === undefined) throw s3Errors.noPolicy(name)
    return { PolicyStatus: { IsPublic: isPublicPolicy(cachedPolicy(policy, 'resource')) } }
  }
