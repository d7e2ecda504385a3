import { ownerEnforcedTakes } from '@sluice/policy'
import type { Bucket } from '#services/s3/buckets/bucket.ts'
import type { ObjectAttributes, ObjectVersion, SystemHeaders } from '#services/s3/catalog/object-version.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_METADATA_BYTES } from '#services/s3/limits.ts'
import { type LockInput, lockOf } from '#services/s3/lock/lock.ts'
import { readTagHeader } from '#services/s3/tags.ts'

export interface HeadersInput {
  readonly ContentType?: string | undefined
  readonly CacheControl?: string | undefined
  readonly ContentDisposition?: string | undefined
  readonly ContentEncoding?: string | undefined
  readonly ContentLanguage?: string | undefined
  readonly Expires?: number | undefined
  readonly Metadata?: Readonly<Record<string, string>> | undefined
}

export interface AclInput {
  readonly ACL?: string | undefined
  readonly GrantFullControl?: string | undefined
  readonly GrantRead?: string | undefined
  readonly GrantReadACP?: string | undefined
  readonly GrantWrite?: string | undefined
  readonly GrantWriteACP?: string | undefined
}

export interface AttributesInput extends HeadersInput, LockInput, AclInput {
  readonly StorageClass?: string | undefined
  readonly Tagging?: string | undefined
  readonly WebsiteRedirectLocation?: string | undefined
}

/** Classes whose objects are read like any other; they are kept as what they are called. */
const READABLE_CLASSES: ReadonlySet<string> = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
])

/** What a request says about a new object beside its bytes. @throws S3Error for what cannot be */
export function attributesOf(input: AttributesInput, bucket: Bucket, now: number): ObjectAttributes {
  refuseAcls(input)
  if (input.WebsiteRedirectLocation !== undefined) throw s3Errors.notBuilt('A website redirect')
  const tags = readTagHeader(input.Tagging)
  return {
    headers: headersOf(input),
    metadata: metadataOf(input.Metadata),
    ...classOf(input.StorageClass),
    ...(tags === undefined ? {} : { tags }),
    ...lockOf(input, bucket, now),
  }
}

/** ACLs are off everywhere. @throws S3Error AccessControlListNotSupported */
export function refuseAcls({ ACL, ...grants }: AclInput): void {
  const hasGrant = [
    grants.GrantFullControl,
    grants.GrantRead,
    grants.GrantReadACP,
    grants.GrantWrite,
    grants.GrantWriteACP,
  ].some((grant) => grant !== undefined)
  if (hasGrant || !ownerEnforcedTakes(ACL)) throw s3Errors.aclsOff()
}

/** `undefined` is the standard class, which answers do not name. */
function classOf(name: string | undefined): { readonly storageClass?: string } {
  if (name === undefined || name === 'STANDARD') return {}
  if (!READABLE_CLASSES.has(name)) throw s3Errors.notBuilt(`The storage class ${name}`)
  return { storageClass: name }
}

export function headersOf(input: HeadersInput): SystemHeaders {
  const contentEncoding = input.ContentEncoding === undefined ? '' : withoutFraming(input.ContentEncoding)
  return {
    ...(input.ContentType === undefined ? {} : { contentType: input.ContentType }),
    ...(input.CacheControl === undefined ? {} : { cacheControl: input.CacheControl }),
    ...(input.ContentDisposition === undefined ? {} : { contentDisposition: input.ContentDisposition }),
    ...(contentEncoding === '' ? {} : { contentEncoding }),
    ...(input.ContentLanguage === undefined ? {} : { contentLanguage: input.ContentLanguage }),
    ...(input.Expires === undefined ? {} : { expires: input.Expires }),
  }
}

/** `aws-chunked` is how the body came, and no part of what the object is. */
const withoutFraming = (header: string): string =>
  header
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding.toLowerCase() !== 'aws-chunked')
    .join(',')

/** @throws S3Error MetadataTooLarge */
export function metadataOf(metadata: HeadersInput['Metadata'] = {}): Readonly<Record<string, string>> {
  const size = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )
  if (size > MAX_METADATA_BYTES) throw s3Errors.metadataTooLarge(size, MAX_METADATA_BYTES)
  return metadata
}

/** How answers tell it. */
export function describeAttributes({ headers, metadata, ...object }: ObjectVersion) {
  return {
    ContentType: headers.contentType ?? 'binary/octet-stream',
    ...(headers.cacheControl === undefined ? {} : { CacheControl: headers.cacheControl }),
    ...(headers.contentDisposition === undefined ? {} : { ContentDisposition: headers.contentDisposition }),
    ...(headers.contentEncoding === undefined ? {} : { ContentEncoding: headers.contentEncoding }),
    ...(headers.contentLanguage === undefined ? {} : { ContentLanguage: headers.contentLanguage }),
    ...(headers.expires === undefined ? {} : { Expires: headers.expires }),
    Metadata: metadata,
    ...(object.storageClass === undefined ? {} : { StorageClass: object.storageClass as 'STANDARD_IA' }),
    ...(object.tags === undefined || object.tags.length === 0 ? {} : { TagCount: object.tags.length }),
    ...(object.retention === undefined
      ? {}
      : { ObjectLockMode: object.retention.mode, ObjectLockRetainUntilDate: object.retention.until }),
    ...(object.legalHold === undefined
      ? {}
      : { ObjectLockLegalHoldStatus: object.legalHold ? ('ON' as const) : ('OFF' as const) }),
  }
}
