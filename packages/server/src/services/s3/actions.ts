import type { Service } from '#kernel/service.ts'
import { type AccessDeps, bucketResources, onBucket, onContent, onObject } from '#services/s3/access/checks.ts'
import { onCopy } from '#services/s3/access/copies.ts'
import { inputKeys } from '#services/s3/access/request-context.ts'
import { bypassExtra, onDeletes, writeExtras } from '#services/s3/access/writes.ts'
import { bucketArn } from '#services/s3/buckets/bucket.ts'

const READ = { readOnly: true }
const READ_EXISTING = { readOnly: true, mustExist: true }
const WRITE = { readOnly: false }
const MAKE = { readOnly: false, makes: true }
const WRITE_EXISTING = { readOnly: false, mustExist: true }

/**
 * What each operation is authorised on; many actions are named otherwise than their operations.
 * @source AWS service authorization reference, S3; Amazon S3 user guide, "Required permissions for Amazon S3 API operations"
 */
export function s3Access(deps: AccessDeps): Service<'s3'>['access'] {
  const bucket = onBucket(deps)
  const content = onContent(deps)
  const object = onObject(deps)
  const read = (action: string) => bucket(action, true)
  const write = (action: string) => bucket(action, false)
  return {
    CreateBucket: {
      category: 'management',
      readOnly: false,
      checks: (input) => [
        {
          action: 's3:CreateBucket',
          resource: bucketArn(input.Bucket),
          context: {
            ...inputKeys(input, deps.clock.now()),
            ...(input.CreateBucketConfiguration?.LocationConstraint === undefined
              ? {}
              : { 's3:LocationConstraint': input.CreateBucketConfiguration.LocationConstraint }),
          },
        },
      ],
      resources: bucketResources,
    },
    ListBuckets: {
      category: 'management',
      readOnly: true,
      checks: () => [{ action: 's3:ListAllMyBuckets', resource: 'arn:aws:s3:::*' }],
    },
    DeleteBucket: write('DeleteBucket'),
    HeadBucket: content('ListBucket'),
    GetBucketLocation: read('GetBucketLocation'),
    ListObjects: content('ListBucket'),
    ListObjectsV2: content('ListBucket'),
    ListObjectVersions: content('ListBucketVersions'),
    ListMultipartUploads: content('ListBucketMultipartUploads'),

    PutObject: object([['PutObject']], { ...MAKE, more: writeExtras }),
    CopyObject: onCopy(deps, writeExtras),
    GetObject: object([['GetObject', 'GetObjectVersion']], READ_EXISTING),
    HeadObject: object([['GetObject', 'GetObjectVersion']], READ_EXISTING),
    GetObjectAttributes: object(
      [
        ['GetObject', 'GetObjectVersion'],
        ['GetObjectAttributes', 'GetObjectVersionAttributes'],
      ],
      READ_EXISTING,
    ),
    DeleteObject: object([['DeleteObject', 'DeleteObjectVersion']], { ...WRITE, more: bypassExtra }),
    DeleteObjects: onDeletes(deps),
    CreateMultipartUpload: object([['PutObject']], { ...MAKE, more: writeExtras }),
    UploadPart: object([['PutObject']], MAKE),
    UploadPartCopy: onCopy(deps, () => []),
    CompleteMultipartUpload: object([['PutObject']], MAKE),
    AbortMultipartUpload: object([['AbortMultipartUpload']], WRITE),
    ListParts: object([['ListMultipartUploadParts']], READ),
    GetObjectAcl: object([['GetObjectAcl', 'GetObjectVersionAcl']], READ_EXISTING),
    PutObjectAcl: object([['PutObjectAcl', 'PutObjectVersionAcl']], WRITE_EXISTING),
    RestoreObject: object([['RestoreObject']], WRITE_EXISTING),
    GetObjectTagging: object([['GetObjectTagging', 'GetObjectVersionTagging']], READ_EXISTING),
    PutObjectTagging: object([['PutObjectTagging', 'PutObjectVersionTagging']], WRITE_EXISTING),
    DeleteObjectTagging: object([['DeleteObjectTagging', 'DeleteObjectVersionTagging']], WRITE_EXISTING),
    GetObjectRetention: object([['GetObjectRetention']], READ_EXISTING),
    PutObjectRetention: object([['PutObjectRetention']], { ...WRITE_EXISTING, more: bypassExtra }),
    GetObjectLegalHold: object([['GetObjectLegalHold']], READ_EXISTING),
    PutObjectLegalHold: object([['PutObjectLegalHold']], WRITE_EXISTING),

    GetBucketVersioning: read('GetBucketVersioning'),
    PutBucketVersioning: write('PutBucketVersioning'),
    GetBucketTagging: read('GetBucketTagging'),
    PutBucketTagging: write('PutBucketTagging'),
    DeleteBucketTagging: write('PutBucketTagging'),
    GetBucketPolicy: read('GetBucketPolicy'),
    PutBucketPolicy: write('PutBucketPolicy'),
    DeleteBucketPolicy: write('DeleteBucketPolicy'),
    GetBucketPolicyStatus: read('GetBucketPolicyStatus'),
    GetPublicAccessBlock: read('GetBucketPublicAccessBlock'),
    PutPublicAccessBlock: write('PutBucketPublicAccessBlock'),
    DeletePublicAccessBlock: write('PutBucketPublicAccessBlock'),
    GetBucketOwnershipControls: read('GetBucketOwnershipControls'),
    PutBucketOwnershipControls: write('PutBucketOwnershipControls'),
    DeleteBucketOwnershipControls: write('PutBucketOwnershipControls'),
    GetBucketAcl: read('GetBucketAcl'),
    PutBucketAcl: write('PutBucketAcl'),
    GetBucketEncryption: read('GetEncryptionConfiguration'),
    PutBucketEncryption: write('PutEncryptionConfiguration'),
    DeleteBucketEncryption: write('PutEncryptionConfiguration'),
    GetBucketLifecycleConfiguration: read('GetLifecycleConfiguration'),
    PutBucketLifecycleConfiguration: write('PutLifecycleConfiguration'),
    DeleteBucketLifecycle: write('PutLifecycleConfiguration'),
    GetBucketCors: read('GetBucketCORS'),
    PutBucketCors: write('PutBucketCORS'),
    DeleteBucketCors: write('PutBucketCORS'),
    GetObjectLockConfiguration: read('GetBucketObjectLockConfiguration'),
    PutObjectLockConfiguration: write('PutBucketObjectLockConfiguration'),
    GetBucketRequestPayment: read('GetBucketRequestPayment'),
    PutBucketRequestPayment: write('PutBucketRequestPayment'),
    GetBucketLogging: read('GetBucketLogging'),
    PutBucketLogging: write('PutBucketLogging'),
    GetBucketAccelerateConfiguration: read('GetAccelerateConfiguration'),
    PutBucketAccelerateConfiguration: write('PutAccelerateConfiguration'),
    GetBucketNotificationConfiguration: read('GetBucketNotification'),
    PutBucketNotificationConfiguration: write('PutBucketNotification'),
    GetBucketWebsite: read('GetBucketWebsite'),
    DeleteBucketWebsite: write('DeleteBucketWebsite'),
    GetBucketReplication: read('GetReplicationConfiguration'),
    DeleteBucketReplication: write('PutReplicationConfiguration'),
    GetBucketAnalyticsConfiguration: read('GetAnalyticsConfiguration'),
    DeleteBucketAnalyticsConfiguration: write('PutAnalyticsConfiguration'),
    ListBucketAnalyticsConfigurations: read('GetAnalyticsConfiguration'),
    GetBucketIntelligentTieringConfiguration: read('GetIntelligentTieringConfiguration'),
    DeleteBucketIntelligentTieringConfiguration: write('PutIntelligentTieringConfiguration'),
    ListBucketIntelligentTieringConfigurations: read('GetIntelligentTieringConfiguration'),
    GetBucketInventoryConfiguration: read('GetInventoryConfiguration'),
    DeleteBucketInventoryConfiguration: write('PutInventoryConfiguration'),
    ListBucketInventoryConfigurations: read('GetInventoryConfiguration'),
    GetBucketAbac: read('GetBucketAbac'),
    PutBucketAbac: write('PutBucketAbac'),
    GetBucketMetadataConfiguration: read('GetBucketMetadataTableConfiguration'),
    GetBucketMetadataTableConfiguration: read('GetBucketMetadataTableConfiguration'),
    GetBucketMetricsConfiguration: read('GetMetricsConfiguration'),
    DeleteBucketMetricsConfiguration: write('PutMetricsConfiguration'),
    ListBucketMetricsConfigurations: read('GetMetricsConfiguration'),
  }
}
