import type { BucketPages } from '#kernel/bucket-pages.ts'
import type { Service } from '#kernel/service.ts'
import { s3AdditionalData } from '#services/s3/additional-data.ts'
import { s3Access } from '#services/s3/actions.ts'
import { type S3Deps, s3Parts } from '#services/s3/deps.ts'
import { lifecycleSweep } from '#services/s3/lifecycle/sweep.ts'
import { abortMultipartUpload } from '#services/s3/operations/abort-multipart-upload.ts'
import { completeMultipartUpload } from '#services/s3/operations/complete-multipart-upload.ts'
import { copyObject } from '#services/s3/operations/copy-object.ts'
import { createBucket } from '#services/s3/operations/create-bucket.ts'
import { createMultipartUpload } from '#services/s3/operations/create-multipart-upload.ts'
import { deleteBucket } from '#services/s3/operations/delete-bucket.ts'
import { deleteBucketAnalyticsConfiguration } from '#services/s3/operations/delete-bucket-analytics-configuration.ts'
import { deleteBucketCors } from '#services/s3/operations/delete-bucket-cors.ts'
import { deleteBucketEncryption } from '#services/s3/operations/delete-bucket-encryption.ts'
import { deleteBucketIntelligentTieringConfiguration } from '#services/s3/operations/delete-bucket-intelligent-tiering-configuration.ts'
import { deleteBucketInventoryConfiguration } from '#services/s3/operations/delete-bucket-inventory-configuration.ts'
import { deleteBucketLifecycle } from '#services/s3/operations/delete-bucket-lifecycle.ts'
import { deleteBucketMetricsConfiguration } from '#services/s3/operations/delete-bucket-metrics-configuration.ts'
import { deleteBucketOwnershipControls } from '#services/s3/operations/delete-bucket-ownership-controls.ts'
import { deleteBucketPolicy } from '#services/s3/operations/delete-bucket-policy.ts'
import { deleteBucketReplication } from '#services/s3/operations/delete-bucket-replication.ts'
import { deleteBucketTagging } from '#services/s3/operations/delete-bucket-tagging.ts'
import { deleteBucketWebsite } from '#services/s3/operations/delete-bucket-website.ts'
import { deleteObject } from '#services/s3/operations/delete-object.ts'
import { deleteObjectTagging } from '#services/s3/operations/delete-object-tagging.ts'
import { deleteObjects } from '#services/s3/operations/delete-objects.ts'
import { deletePublicAccessBlock } from '#services/s3/operations/delete-public-access-block.ts'
import { getBucketAbac } from '#services/s3/operations/get-bucket-abac.ts'
import { getBucketAccelerateConfiguration } from '#services/s3/operations/get-bucket-accelerate-configuration.ts'
import { getBucketAcl } from '#services/s3/operations/get-bucket-acl.ts'
import { getBucketAnalyticsConfiguration } from '#services/s3/operations/get-bucket-analytics-configuration.ts'
import { getBucketCors } from '#services/s3/operations/get-bucket-cors.ts'
import { getBucketEncryption } from '#services/s3/operations/get-bucket-encryption.ts'
import { getBucketIntelligentTieringConfiguration } from '#services/s3/operations/get-bucket-intelligent-tiering-configuration.ts'
import { getBucketInventoryConfiguration } from '#services/s3/operations/get-bucket-inventory-configuration.ts'
import { getBucketLifecycleConfiguration } from '#services/s3/operations/get-bucket-lifecycle-configuration.ts'
import { getBucketLocation } from '#services/s3/operations/get-bucket-location.ts'
import { getBucketLogging } from '#services/s3/operations/get-bucket-logging.ts'
import { getBucketMetadataConfiguration } from '#services/s3/operations/get-bucket-metadata-configuration.ts'
import { getBucketMetadataTableConfiguration } from '#services/s3/operations/get-bucket-metadata-table-configuration.ts'
import { getBucketMetricsConfiguration } from '#services/s3/operations/get-bucket-metrics-configuration.ts'
import { getBucketNotificationConfiguration } from '#services/s3/operations/get-bucket-notification-configuration.ts'
import { getBucketOwnershipControls } from '#services/s3/operations/get-bucket-ownership-controls.ts'
import { getBucketPolicy } from '#services/s3/operations/get-bucket-policy.ts'
import { getBucketPolicyStatus } from '#services/s3/operations/get-bucket-policy-status.ts'
import { getBucketReplication } from '#services/s3/operations/get-bucket-replication.ts'
import { getBucketRequestPayment } from '#services/s3/operations/get-bucket-request-payment.ts'
import { getBucketTagging } from '#services/s3/operations/get-bucket-tagging.ts'
import { getBucketVersioning } from '#services/s3/operations/get-bucket-versioning.ts'
import { getBucketWebsite } from '#services/s3/operations/get-bucket-website.ts'
import { getObject } from '#services/s3/operations/get-object.ts'
import { getObjectAcl } from '#services/s3/operations/get-object-acl.ts'
import { getObjectAttributes } from '#services/s3/operations/get-object-attributes.ts'
import { getObjectLegalHold } from '#services/s3/operations/get-object-legal-hold.ts'
import { getObjectLockConfiguration } from '#services/s3/operations/get-object-lock-configuration.ts'
import { getObjectRetention } from '#services/s3/operations/get-object-retention.ts'
import { getObjectTagging } from '#services/s3/operations/get-object-tagging.ts'
import { getPublicAccessBlock } from '#services/s3/operations/get-public-access-block.ts'
import { headBucket } from '#services/s3/operations/head-bucket.ts'
import { headObject } from '#services/s3/operations/head-object.ts'
import { listBucketAnalyticsConfigurations } from '#services/s3/operations/list-bucket-analytics-configurations.ts'
import { listBucketIntelligentTieringConfigurations } from '#services/s3/operations/list-bucket-intelligent-tiering-configurations.ts'
import { listBucketInventoryConfigurations } from '#services/s3/operations/list-bucket-inventory-configurations.ts'
import { listBucketMetricsConfigurations } from '#services/s3/operations/list-bucket-metrics-configurations.ts'
import { listBuckets } from '#services/s3/operations/list-buckets.ts'
import { listMultipartUploads } from '#services/s3/operations/list-multipart-uploads.ts'
import { listObjectVersions } from '#services/s3/operations/list-object-versions.ts'
import { listObjects } from '#services/s3/operations/list-objects.ts'
import { listObjectsV2 } from '#services/s3/operations/list-objects-v2.ts'
import { listParts } from '#services/s3/operations/list-parts.ts'
import { putBucketAbac } from '#services/s3/operations/put-bucket-abac.ts'
import { putBucketAccelerateConfiguration } from '#services/s3/operations/put-bucket-accelerate-configuration.ts'
import { putBucketAcl } from '#services/s3/operations/put-bucket-acl.ts'
import { putBucketCors } from '#services/s3/operations/put-bucket-cors.ts'
import { putBucketEncryption } from '#services/s3/operations/put-bucket-encryption.ts'
import { putBucketLifecycleConfiguration } from '#services/s3/operations/put-bucket-lifecycle-configuration.ts'
import { putBucketLogging } from '#services/s3/operations/put-bucket-logging.ts'
import { putBucketNotificationConfiguration } from '#services/s3/operations/put-bucket-notification-configuration.ts'
import { putBucketOwnershipControls } from '#services/s3/operations/put-bucket-ownership-controls.ts'
import { putBucketPolicy } from '#services/s3/operations/put-bucket-policy.ts'
import { putBucketRequestPayment } from '#services/s3/operations/put-bucket-request-payment.ts'
import { putBucketTagging } from '#services/s3/operations/put-bucket-tagging.ts'
import { putBucketVersioning } from '#services/s3/operations/put-bucket-versioning.ts'
import { putObject } from '#services/s3/operations/put-object.ts'
import { putObjectAcl } from '#services/s3/operations/put-object-acl.ts'
import { putObjectLegalHold } from '#services/s3/operations/put-object-legal-hold.ts'
import { putObjectLockConfiguration } from '#services/s3/operations/put-object-lock-configuration.ts'
import { putObjectRetention } from '#services/s3/operations/put-object-retention.ts'
import { putObjectTagging } from '#services/s3/operations/put-object-tagging.ts'
import { putPublicAccessBlock } from '#services/s3/operations/put-public-access-block.ts'
import { restoreObject } from '#services/s3/operations/restore-object.ts'
import { uploadPart } from '#services/s3/operations/upload-part.ts'
import { uploadPartCopy } from '#services/s3/operations/upload-part-copy.ts'
import { s3ResourcePolicies } from '#services/s3/port.ts'
import { S3_SECRETS } from '#services/s3/secrets.ts'
import { bucketCors } from '#services/s3/cors/port.ts'

export type { S3Deps } from '#services/s3/deps.ts'

/** The service, and what of it runs in the background. */
export interface S3Service extends Service<'s3'> {
  /** Cleans up what an earlier process began; to be called before the first request. */
  recover(): Promise<void>
  /** Expires what is to expire by now. */
  sweep(): Promise<void>
  /** Which web pages a bucket lets in. */
  readonly cors: BucketPages
}

/** Amazon S3: buckets, objects and their versions. */
export function s3Service(deps: S3Deps): S3Service {
  const parts = s3Parts(deps)
  return {
    name: 's3',
    operations: {
      AbortMultipartUpload: abortMultipartUpload(parts),
      CompleteMultipartUpload: completeMultipartUpload(parts),
      CopyObject: copyObject(parts),
      CreateBucket: createBucket(parts),
      CreateMultipartUpload: createMultipartUpload(parts),
      DeleteBucket: deleteBucket(parts),
      DeleteBucketAnalyticsConfiguration: deleteBucketAnalyticsConfiguration(parts),
      DeleteBucketCors: deleteBucketCors(parts),
      DeleteBucketEncryption: deleteBucketEncryption(parts),
      DeleteBucketIntelligentTieringConfiguration: deleteBucketIntelligentTieringConfiguration(parts),
      DeleteBucketInventoryConfiguration: deleteBucketInventoryConfiguration(parts),
      DeleteBucketLifecycle: deleteBucketLifecycle(parts),
      DeleteBucketMetricsConfiguration: deleteBucketMetricsConfiguration(parts),
      DeleteBucketOwnershipControls: deleteBucketOwnershipControls(parts),
      DeleteBucketPolicy: deleteBucketPolicy(parts),
      DeleteBucketReplication: deleteBucketReplication(parts),
      DeleteBucketTagging: deleteBucketTagging(parts),
      DeleteBucketWebsite: deleteBucketWebsite(parts),
      DeleteObject: deleteObject(parts),
      DeleteObjectTagging: deleteObjectTagging(parts),
      DeleteObjects: deleteObjects(parts),
      DeletePublicAccessBlock: deletePublicAccessBlock(parts),
      GetBucketAbac: getBucketAbac(parts),
      GetBucketAccelerateConfiguration: getBucketAccelerateConfiguration(parts),
      GetBucketAcl: getBucketAcl(parts),
      GetBucketAnalyticsConfiguration: getBucketAnalyticsConfiguration(parts),
      GetBucketCors: getBucketCors(parts),
      GetBucketEncryption: getBucketEncryption(parts),
      GetBucketIntelligentTieringConfiguration: getBucketIntelligentTieringConfiguration(parts),
      GetBucketInventoryConfiguration: getBucketInventoryConfiguration(parts),
      GetBucketLifecycleConfiguration: getBucketLifecycleConfiguration(parts),
      GetBucketLocation: getBucketLocation(parts),
      GetBucketLogging: getBucketLogging(parts),
      GetBucketMetadataConfiguration: getBucketMetadataConfiguration(parts),
      GetBucketMetadataTableConfiguration: getBucketMetadataTableConfiguration(parts),
      GetBucketMetricsConfiguration: getBucketMetricsConfiguration(parts),
      GetBucketNotificationConfiguration: getBucketNotificationConfiguration(parts),
      GetBucketOwnershipControls: getBucketOwnershipControls(parts),
      GetBucketPolicy: getBucketPolicy(parts),
      GetBucketPolicyStatus: getBucketPolicyStatus(parts),
      GetBucketReplication: getBucketReplication(parts),
      GetBucketRequestPayment: getBucketRequestPayment(parts),
      GetBucketTagging: getBucketTagging(parts),
      GetBucketVersioning: getBucketVersioning(parts),
      GetBucketWebsite: getBucketWebsite(parts),
      GetObject: getObject(parts),
      GetObjectAcl: getObjectAcl(parts),
      GetObjectAttributes: getObjectAttributes(parts),
      GetObjectLegalHold: getObjectLegalHold(parts),
      GetObjectLockConfiguration: getObjectLockConfiguration(parts),
      GetObjectRetention: getObjectRetention(parts),
      GetObjectTagging: getObjectTagging(parts),
      GetPublicAccessBlock: getPublicAccessBlock(parts),
      HeadBucket: headBucket(parts),
      HeadObject: headObject(parts),
      ListBucketAnalyticsConfigurations: listBucketAnalyticsConfigurations(parts),
      ListBucketIntelligentTieringConfigurations: listBucketIntelligentTieringConfigurations(parts),
      ListBucketInventoryConfigurations: listBucketInventoryConfigurations(parts),
      ListBucketMetricsConfigurations: listBucketMetricsConfigurations(parts),
      ListBuckets: listBuckets(parts),
      ListMultipartUploads: listMultipartUploads(parts),
      ListObjectVersions: listObjectVersions(parts),
      ListObjects: listObjects(parts),
      ListObjectsV2: listObjectsV2(parts),
      ListParts: listParts(parts),
      PutBucketAbac: putBucketAbac(parts),
      PutBucketAccelerateConfiguration: putBucketAccelerateConfiguration(parts),
      PutBucketAcl: putBucketAcl(parts),
      PutBucketCors: putBucketCors(parts),
      PutBucketEncryption: putBucketEncryption(parts),
      PutBucketLifecycleConfiguration: putBucketLifecycleConfiguration(parts),
      PutBucketLogging: putBucketLogging(parts),
      PutBucketNotificationConfiguration: putBucketNotificationConfiguration(parts),
      PutBucketOwnershipControls: putBucketOwnershipControls(parts),
      PutBucketPolicy: putBucketPolicy(parts),
      PutBucketRequestPayment: putBucketRequestPayment(parts),
      PutBucketTagging: putBucketTagging(parts),
      PutBucketVersioning: putBucketVersioning(parts),
      PutObject: putObject(parts),
      PutObjectAcl: putObjectAcl(parts),
      PutObjectLegalHold: putObjectLegalHold(parts),
      PutObjectLockConfiguration: putObjectLockConfiguration(parts),
      PutObjectRetention: putObjectRetention(parts),
      PutObjectTagging: putObjectTagging(parts),
      PutPublicAccessBlock: putPublicAccessBlock(parts),
      RestoreObject: restoreObject(parts),
      UploadPart: uploadPart(parts),
      UploadPartCopy: uploadPartCopy(parts),
    },
    access: s3Access(parts),
    eventSource: 's3.amazonaws.com',
    global: false,
    secrets: S3_SECRETS,
    additionalData: s3AdditionalData,
    denials: { quotesResource: true, acrossAccounts: 'Access Denied' },
    resourcePolicies: s3ResourcePolicies(parts.buckets),
    recover: () => parts.garbage.recover(),
    sweep: lifecycleSweep(parts),
    cors: bucketCors(parts.buckets),
  }
}
