import type { AccessScope } from '#kernel/service.ts'
import type { Tag } from '#kernel/principal.ts'
import type { Bucket } from '#services/s3/buckets/bucket.ts'
import { readTagHeader } from '#services/s3/tags.ts'

export type Keys = Readonly<Record<string, string | readonly string[]>>

/** Keys that every request has. @source AWS service authorization reference, "Actions, resources, and condition keys for Amazon S3" */
export function requestKeys({ source }: AccessScope, { owner }: Bucket): Keys {
  const { tls, signature } = source ?? {}
  return {
    's3:ResourceAccount': owner,
    ...(tls === undefined ? {} : { 's3:TlsVersion': tls.version.replace(/^TLSv/, '') }),
    ...(signature === undefined
      ? {}
      : {
          's3:authType': signature.place === 'header' ? 'REST-HEADER' : 'REST-QUERY-STRING',
          's3:signatureversion': signature.version === 4 ? 'AWS4-HMAC-SHA256' : 'AWS',
          ...(signature.madeAt === undefined
            ? {}
            : { 's3:signatureAge': String(Math.max(0, Date.now() - signature.madeAt)) }),
        }),
  }
}

/** Members of inputs, and the keys that tell them. */
const MEMBERS: Readonly<Record<string, string>> = {
  Prefix: 's3:prefix',
  Delimiter: 's3:delimiter',
  MaxKeys: 's3:max-keys',
  ACL: 's3:x-amz-acl',
  GrantFullControl: 's3:x-amz-grant-full-control',
  GrantRead: 's3:x-amz-grant-read',
  GrantReadACP: 's3:x-amz-grant-read-acp',
  GrantWrite: 's3:x-amz-grant-write',
  GrantWriteACP: 's3:x-amz-grant-write-acp',
  ServerSideEncryption: 's3:x-amz-server-side-encryption',
  SSEKMSKeyId: 's3:x-amz-server-side-encryption-aws-kms-key-id',
  SSECustomerAlgorithm: 's3:x-amz-server-side-encryption-customer-algorithm',
  StorageClass: 's3:x-amz-storage-class',
  MetadataDirective: 's3:x-amz-metadata-directive',
  CopySource: 's3:x-amz-copy-source',
  WebsiteRedirectLocation: 's3:x-amz-website-redirect-location',
  ObjectOwnership: 's3:x-amz-object-ownership',
  ObjectLockMode: 's3:object-lock-mode',
  ObjectLockLegalHoldStatus: 's3:object-lock-legal-hold',
  VersionId: 's3:VersionId',
  IfMatch: 's3:if-match',
  IfNoneMatch: 's3:if-none-match',
}

/** What a request says that policies can speak about. Times and spans of locks among it. */
export function inputKeys(input: object, now: number): Keys {
  const given = input as Readonly<Record<string, unknown>>
  const keys: Record<string, string | readonly string[]> = {}
  for (const [member, key] of Object.entries(MEMBERS)) {
    const value = given[member]
    if (typeof value === 'string' || typeof value === 'number') keys[key] = String(value)
  }
  const until = given['ObjectLockRetainUntilDate']
  if (typeof until === 'number') {
    keys['s3:object-lock-retain-until-date'] = new Date(until).toISOString()
    keys['s3:object-lock-remaining-retention-days'] = String(Math.ceil((until - now) / DAY_MILLIS))
  }
  const tagging = given['Tagging']
  const tags =
    typeof tagging === 'string'
      ? (readTagHeader(tagging) ?? [])
      : ((tagging as { readonly TagSet?: readonly Tag[] } | undefined)?.TagSet ?? [])
  return { ...keys, ...requestTagKeys(tags) }
}

const DAY_MILLIS = 24 * 60 * 60 * 1_000

function requestTagKeys(tags: readonly Tag[]): Keys {
  if (tags.length === 0) return {}
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`s3:RequestObjectTag/${Key}`, Value])),
    's3:RequestObjectTagKeys': tags.map(({ Key }) => Key),
  }
}

export const existingTagKeys = (tags: readonly Tag[] = []): Keys =>
  Object.fromEntries(tags.map(({ Key, Value }) => [`s3:ExistingObjectTag/${Key}`, Value]))
