import type { Prefix } from './table.ts'

/** Actions by the name of the operation that needs them, where it is not one action of the operation's own name. */
type Exceptions = Readonly<Record<string, readonly string[]>>

/** Operations so new, or so hidden, that AWS's list of actions does not have theirs: it bears their name. */
export const UNLISTED: Readonly<Partial<Record<Prefix, Readonly<Record<string, readonly string[]>>>>> = {
  cloudwatch: {
    AssociateDatasetKmsKey: ['dataset'],
    DescribeAlarmContributors: ['alarm'],
    DisassociateDatasetKmsKey: ['dataset'],
  },
  iam: { UpdateDelegationRequest: [] },
  logs: { GetLogObject: [] },
}

/**
 * @source Amazon S3 user guide, "Required permissions for Amazon S3 API operations"
 */
const S3: Exceptions = {
  CompleteMultipartUpload: ['s3:PutObject'],
  CopyObject: ['s3:GetObject', 's3:PutObject'],
  CreateBucketMetadataConfiguration: ['s3:CreateBucketMetadataTableConfiguration'],
  CreateMultipartUpload: ['s3:PutObject'],
  CreateSession: ['s3express:CreateSession'],
  DeleteBucketAnalyticsConfiguration: ['s3:PutAnalyticsConfiguration'],
  DeleteBucketCors: ['s3:PutBucketCORS'],
  DeleteBucketEncryption: ['s3:PutEncryptionConfiguration'],
  DeleteBucketIntelligentTieringConfiguration: ['s3:PutIntelligentTieringConfiguration'],
  DeleteBucketInventoryConfiguration: ['s3:PutInventoryConfiguration'],
  DeleteBucketLifecycle: ['s3:PutLifecycleConfiguration'],
  DeleteBucketMetadataConfiguration: ['s3:DeleteBucketMetadataTableConfiguration'],
  DeleteBucketMetricsConfiguration: ['s3:PutMetricsConfiguration'],
  DeleteBucketOwnershipControls: ['s3:PutBucketOwnershipControls'],
  DeleteBucketReplication: ['s3:PutReplicationConfiguration'],
  DeleteBucketTagging: ['s3:PutBucketTagging'],
  DeleteObjects: ['s3:DeleteObject'],
  DeletePublicAccessBlock: ['s3:PutBucketPublicAccessBlock'],
  GetBucketAccelerateConfiguration: ['s3:GetAccelerateConfiguration'],
  GetBucketAnalyticsConfiguration: ['s3:GetAnalyticsConfiguration'],
  GetBucketEncryption: ['s3:GetEncryptionConfiguration'],
  GetBucketIntelligentTieringConfiguration: ['s3:GetIntelligentTieringConfiguration'],
  GetBucketInventoryConfiguration: ['s3:GetInventoryConfiguration'],
  GetBucketLifecycle: ['s3:GetLifecycleConfiguration'],
  GetBucketLifecycleConfiguration: ['s3:GetLifecycleConfiguration'],
  GetBucketMetadataConfiguration: ['s3:GetBucketMetadataTableConfiguration'],
  GetBucketMetricsConfiguration: ['s3:GetMetricsConfiguration'],
  GetBucketNotificationConfiguration: ['s3:GetBucketNotification'],
  GetBucketReplication: ['s3:GetReplicationConfiguration'],
  GetObjectAttributes: ['s3:GetObject', 's3:GetObjectAttributes'],
  GetObjectLockConfiguration: ['s3:GetBucketObjectLockConfiguration'],
  GetPublicAccessBlock: ['s3:GetBucketPublicAccessBlock'],
  HeadBucket: ['s3:ListBucket'],
  HeadObject: ['s3:GetObject'],
  ListBucketAnalyticsConfigurations: ['s3:GetAnalyticsConfiguration'],
  ListBucketIntelligentTieringConfigurations: ['s3:GetIntelligentTieringConfiguration'],
  ListBucketInventoryConfigurations: ['s3:GetInventoryConfiguration'],
  ListBucketMetricsConfigurations: ['s3:GetMetricsConfiguration'],
  ListBuckets: ['s3:ListAllMyBuckets'],
  ListDirectoryBuckets: ['s3express:ListAllMyDirectoryBuckets'],
  ListMultipartUploads: ['s3:ListBucketMultipartUploads'],
  ListObjectVersions: ['s3:ListBucketVersions'],
  ListObjects: ['s3:ListBucket'],
  ListObjectsV2: ['s3:ListBucket'],
  ListParts: ['s3:ListMultipartUploadParts'],
  PutBucketAccelerateConfiguration: ['s3:PutAccelerateConfiguration'],
  PutBucketAnalyticsConfiguration: ['s3:PutAnalyticsConfiguration'],
  PutBucketEncryption: ['s3:PutEncryptionConfiguration'],
  PutBucketIntelligentTieringConfiguration: ['s3:PutIntelligentTieringConfiguration'],
  PutBucketInventoryConfiguration: ['s3:PutInventoryConfiguration'],
  PutBucketLifecycle: ['s3:PutLifecycleConfiguration'],
  PutBucketLifecycleConfiguration: ['s3:PutLifecycleConfiguration'],
  PutBucketMetricsConfiguration: ['s3:PutMetricsConfiguration'],
  PutBucketNotificationConfiguration: ['s3:PutBucketNotification'],
  PutBucketReplication: ['s3:PutReplicationConfiguration'],
  PutObjectLockConfiguration: ['s3:PutBucketObjectLockConfiguration'],
  PutPublicAccessBlock: ['s3:PutBucketPublicAccessBlock'],
  RenameObject: ['s3express:CreateSession'],
  SelectObjectContent: ['s3:GetObject'],
  UploadPart: ['s3:PutObject'],
  UploadPartCopy: ['s3:GetObject', 's3:PutObject'],
  WriteGetObjectResponse: ['s3-object-lambda:WriteGetObjectResponse'],
}

/** Operations that AWS decides by actions of another name. */
export const RENAMED: Readonly<Partial<Record<Prefix, Exceptions>>> = {
  /** @source CloudTrail API reference, ListInsightsMetricData */
  cloudtrail: { ListInsightsMetricData: ['cloudtrail:LookupEvents'] },
  kms: { ReEncrypt: ['kms:ReEncryptFrom', 'kms:ReEncryptTo'] },
  s3: S3,
  sns: { PublishBatch: ['sns:Publish'] },
}

/** Resource types whose ARN is not what AWS compares: a log group is asked about with the name of no stream. */
export const ASKED_AS: Readonly<Partial<Record<Prefix, Readonly<Record<string, string>>>>> = {
  logs: { 'log-group': 'arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}:log-stream:' },
}

/** Types of which AWS's list says that all are required, and means that one is. */
export const ALTERNATIVES: ReadonlySet<string> = new Set([
  'es:AddTags',
  'es:ListTags',
  'es:RemoveTags',
  'iam:GenerateServiceLastAccessedDetails',
  'iam:ListPoliciesGrantingServiceAccess',
])
