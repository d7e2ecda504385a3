import { type AccountId } from '#kernel/ids.ts'
import type { AccessScope } from '#kernel/service.ts'
import type { Bucket } from '#services/s3/buckets/bucket.ts'
import type { Buckets } from '#services/s3/buckets/buckets.ts'
import { s3Errors } from '#services/s3/errors.ts'

export interface NamesBucket {
  readonly Bucket: string
  readonly ExpectedBucketOwner?: string | undefined
}

/**
 * The bucket of a call, before anything is decided about it: who names none, another region's, or somebody else's than
 * expected is told so whatever it may do.
 * @throws S3Error NoSuchBucket, AuthorizationHeaderMalformed, AccessDenied
 */
export async function targetBucket(buckets: Buckets, input: NamesBucket, scope: AccessScope): Promise<Bucket> {
  const bucket = await buckets.require(input.Bucket)
  // Only a signature of version 4 names a region, and services write across regions.
  if (scope.source?.signature?.version === 4 && scope.region !== bucket.region)
    throw s3Errors.wrongRegion(scope.region, bucket.region)
  checkOwner(bucket, input.ExpectedBucketOwner)
  return bucket
}

/** @throws S3Error AccessDenied */
export function checkOwner({ owner }: { readonly owner: AccountId }, expected: string | undefined): void {
  if (expected !== undefined && expected !== owner) throw s3Errors.accessDenied()
}
