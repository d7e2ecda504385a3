import type { Call } from '#kernel/call.ts'
import { AccessDenied, AwsError } from '#kernel/errors.ts'
import { asTrail } from '#services/cloudtrail/destinations/acting-as.ts'
import { folder } from '#services/cloudtrail/destinations/object-keys.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { MAX_PREFIX } from '#services/cloudtrail/limits.ts'
import type { Trail } from '#services/cloudtrail/trails/trail.ts'

/** What of a trail says where its files go. */
export type Destination = Pick<Trail, 'account' | 'home' | 'arn' | 'bucket' | 'prefix' | 'key'>

/** @source Amazon S3 user guide, "Bucket naming rules" */
const BUCKET_NAME = /^[a-z\d](?:[a-z\d.-]{1,61})[a-z\d]$/

/** @throws AwsError InvalidS3BucketNameException, InvalidS3PrefixException */
export function checkBucketNames({ bucket, prefix }: Pick<Destination, 'bucket' | 'prefix'>): void {
  if (bucket === '') throw cloudtrailErrors.bucketName('Bucket name cannot be blank!')
  if (!BUCKET_NAME.test(bucket) || bucket.includes('..'))
    throw cloudtrailErrors.bucketName(`Bucket name is invalid: ${bucket}`)
  if (prefix.length > MAX_PREFIX) {
    throw cloudtrailErrors.prefix(
      `S3 prefix is longer than maximum length ${String(MAX_PREFIX)}. Specified prefix length: ${String(prefix.length)}`,
    )
  }
  if (/^\/|\/$|[\p{Cc}\\]/u.test(prefix))
    throw cloudtrailErrors.prefix(
      'S3 prefix must not begin or end with a slash, or hold backslashes or control characters.',
    )
}

/**
 * Tries, as CloudTrail and for this trail, what every delivery will need: to read the bucket's ACL and to write below its
 * prefix. An empty object stays behind, as on AWS.
 * @throws AwsError S3BucketDoesNotExistException, InsufficientS3BucketPolicyException, InsufficientEncryptionPolicyException
 */
export async function checkBucket(call: Call, trail: Destination): Promise<void> {
  const as = asTrail(trail)
  try {
    await call(as, 's3', 'GetBucketAcl', { Bucket: trail.bucket })
    await call(as, 's3', 'PutObject', {
      Bucket: trail.bucket,
      Key: folder(trail, 'CloudTrail'),
      ContentLength: 0,
      ACL: 'bucket-owner-full-control',
    })
  } catch (error) {
    throw asBucketFault(error, trail)
  }
}

function asBucketFault(error: unknown, { bucket }: Destination): unknown {
  if (error instanceof AwsError && error.code === 'NoSuchBucket') return cloudtrailErrors.noBucket(bucket)
  const denied = error instanceof AccessDenied || (error instanceof AwsError && error.status === 403)
  return denied ? cloudtrailErrors.bucketPolicy(bucket) : error
}
