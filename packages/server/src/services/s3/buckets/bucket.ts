import type { Apis } from '@sluice/wire'
import type { PublicAccessBlock } from '@sluice/policy'
import type { AccountId, EpochMillis, Region } from '#kernel/ids.ts'
import { GLOBAL_REGION } from '#kernel/ids.ts'
import type { Tag } from '#kernel/principal.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

type S3 = Apis['s3']

export type LifecycleRules = NonNullable<S3['GetBucketLifecycleConfiguration']['output']['Rules']>
export type CorsRules = NonNullable<S3['GetBucketCors']['output']['CORSRules']>
export type LockConfiguration = NonNullable<S3['GetObjectLockConfiguration']['output']['ObjectLockConfiguration']>

/** How objects are encrypted that do not say it themselves. */
export interface DefaultEncryption {
  readonly algorithm: 'AES256' | 'aws:kms'
  readonly keyId?: string
  readonly bucketKey?: boolean
}

/** A bucket as it is stored. What is left out was never configured. */
export interface Bucket {
  readonly name: string
  /** Unlike its name never used again, so that a bucket created anew is empty. */
  readonly id: string
  readonly owner: AccountId
  readonly region: Region
  readonly created: EpochMillis
  readonly tags?: readonly Tag[]
  readonly versioning?: 'Enabled' | 'Suspended'
  readonly policy?: string
  readonly publicAccess?: PublicAccessBlock
  /** ACLs are off wherever it is there; without it they are off as well, as there are none. */
  readonly ownership?: 'BucketOwnerEnforced'
  readonly encryption: DefaultEncryption
  readonly lifecycle?: LifecycleRules
  readonly cors?: CorsRules
  readonly lock?: LockConfiguration
}

/** Names are unique among all accounts. */
const EVERYBODY = 'all'
export const BUCKETS = 's3.bucket'
const OWNED = 's3.owned'

export const bucketKey = (name: string): RecordKey => ({
  collection: BUCKETS,
  account: EVERYBODY,
  region: GLOBAL_REGION,
  id: name,
})

/** What an account has, in the order of names. */
export const ownedKey = (owner: AccountId, name: string): RecordKey => ({
  collection: OWNED,
  account: owner,
  region: GLOBAL_REGION,
  id: name,
})
export const OWNED_BUCKETS = OWNED

export const bucketArn = (name: string): string => `arn:aws:s3:::${name}`
export const objectArn = (bucket: string, key: string): string => `arn:aws:s3:::${bucket}/${key}`

/** What every bucket has from the beginning. @source Amazon S3 user guide: since April 2023 */
export const BLOCK_ALL: PublicAccessBlock = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
}
