/** @source Amazon S3 user guide, "Bucket quotas" (general purpose buckets of an account, by default) */
export const MAX_BUCKETS = 10_000
/** UTF-8 bytes. @source Amazon S3 user guide, "Naming Amazon S3 objects" */
export const MAX_KEY_BYTES = 1_024
/** Bytes of user metadata, names and values. @source Amazon S3 user guide, "Working with object metadata" */
export const MAX_METADATA_BYTES = 2_048
/** Of a list, whatever is asked for. @source Amazon S3 API reference */
export const MAX_KEYS = 1_000
/** @source Amazon S3 user guide, "Multipart upload limits" */
export const MAX_PARTS = 10_000
export const LEAST_PART_BYTES: number = 5 * 1024 ** 2
/** 48.8 TiB: what 10,000 parts of 5 GiB make. */
export const MAX_OBJECT_BYTES: number = MAX_PARTS * 5 * 1024 ** 3
/** What CopyObject and one part may have. */
export const MAX_COPY_BYTES: number = 5 * 1024 ** 3
/** @source Amazon S3 user guide, "Bucket policies": 20 KB */
export const MAX_POLICY_BYTES: number = 20 * 1024
export const MAX_OBJECT_TAGS = 10
export const MAX_BUCKET_TAGS = 50
/** Keys in one DeleteObjects. */
export const MAX_DELETES = 1_000
export const MAX_LIFECYCLE_RULES = 1_000
export const MAX_CORS_RULES = 100
/** Years and days that a default retention may have. @source Amazon S3 user guide, "Object Lock" */
export const MAX_RETENTION_DAYS: number = 100 * 365
