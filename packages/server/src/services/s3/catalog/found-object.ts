import type { CallContext } from '#kernel/call.ts'
import { describeAttributes } from '#services/s3/attributes.ts'
import { typedChecksumMembers } from '#services/s3/bodies/checksums.ts'
import { type Conditions, checkRead } from '#services/s3/bodies/conditions.ts'
import { type ByteRange, readRange } from '#services/s3/bodies/range.ts'
import type { Bucket } from '#services/s3/buckets/bucket.ts'
import type { ObjectPart, ObjectVersion } from '#services/s3/catalog/object-version.ts'
import { type ObjectName, resolveObject, versionMember } from '#services/s3/catalog/resolve.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { describeEncryption } from '#services/s3/encryption/described.ts'
import { type CustomerKeyInput, customerKey } from '#services/s3/encryption/wanted.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Output } from '#services/s3/types.ts'

/** What GetObject and HeadObject have in common. */
export interface ReadInput extends ObjectName, Conditions, CustomerKeyInput {
  readonly Bucket: string
  readonly Range?: string | undefined
  readonly PartNumber?: number | undefined
  readonly ChecksumMode?: string | undefined
  readonly ResponseCacheControl?: string | undefined
  readonly ResponseContentDisposition?: string | undefined
  readonly ResponseContentEncoding?: string | undefined
  readonly ResponseContentLanguage?: string | undefined
  readonly ResponseContentType?: string | undefined
  readonly ResponseExpires?: number | undefined
}

/** An object that may be read, and what is said about it. */
export interface FoundObject {
  readonly bucket: Bucket
  readonly object: ObjectVersion
  readonly parts: readonly ObjectPart[]
  readonly range: ByteRange
  readonly dataKey: Uint8Array
  /** The answer but for its body. */
  readonly members: S3Output<'HeadObject'>
}

/** Finds the object that is to be read, judges the conditions, works out the range. @throws S3Error for what does not hold */
export async function findObject(
  { buckets, catalog, keys }: Pick<S3Parts, 'buckets' | 'catalog' | 'keys'>,
  input: ReadInput,
  ctx: CallContext,
  method: 'GET' | 'HEAD',
): Promise<FoundObject> {
  if (input.Range !== undefined && input.PartNumber !== undefined)
    throw s3Errors.invalidRequest('Cannot specify both Range header and partNumber query parameter')
  refuseAnonymousOverrides(input, ctx)
  const given = customerKey(input)
  const bucket = await buckets.require(input.Bucket)
  const object = await resolveObject(catalog, bucket, input, method)
  const parts = await catalog.parts(bucket, object)
  const dataKey = await keys.open(object.encryption, given, { bucket, key: object.key }, ctx)
  checkRead(input, object, {
    etag: quoted(object.etag),
    'last-modified': new Date(object.modified).toUTCString(),
    ...(bucket.versioning === undefined ? {} : { 'x-amz-version-id': object.versionId }),
  })
  const range =
    input.PartNumber === undefined ? readRange(input.Range, object.size) : partRange(parts, input.PartNumber)
  const isWhole = range === undefined || (range.from === 0 && range.to === object.size)
  const { from, to } = range ?? { from: 0, to: object.size }
  const checksum =
    input.ChecksumMode !== 'ENABLED'
      ? undefined
      : isWhole && input.PartNumber === undefined
        ? object.checksum
        : parts.find(({ number }) => number === input.PartNumber)?.checksum
  return {
    bucket,
    object,
    parts,
    range: { from, to },
    dataKey,
    members: {
      ...describeAttributes(object),
      ...overrides(input),
      AcceptRanges: 'bytes',
      ETag: quoted(object.etag),
      LastModified: object.modified,
      ContentLength: to - from,
      ...(range === undefined
        ? {}
        : { ContentRange: `bytes ${String(from)}-${String(to - 1)}/${String(object.size)}` }),
      ...(input.PartNumber === undefined || object.body.kind === 'blob' ? {} : { PartsCount: parts.length }),
      ...versionMember(bucket, object),
      ...describeEncryption(object.encryption, given?.md5),
      ...typedChecksumMembers(checksum),
    },
  }
}

export const quoted = (etag: string): string => `"${etag}"`

/** Of an object in one piece, the only part is all of it. */
function partRange(parts: readonly ObjectPart[], wanted: number): ByteRange | undefined {
  let from = 0
  for (const [index, part] of parts.entries()) {
    const to = from + part.blob.length
    if (index + 1 === wanted) return to === from ? undefined : { from, to }
    from = to
  }
  throw s3Errors.invalidPartNumber(wanted, parts.length)
}

function overrides(input: ReadInput): Partial<ReturnType<typeof describeAttributes>> {
  return {
    ...(input.ResponseContentType === undefined ? {} : { ContentType: input.ResponseContentType }),
    ...(input.ResponseCacheControl === undefined ? {} : { CacheControl: input.ResponseCacheControl }),
    ...(input.ResponseContentDisposition === undefined ? {} : { ContentDisposition: input.ResponseContentDisposition }),
    ...(input.ResponseContentEncoding === undefined ? {} : { ContentEncoding: input.ResponseContentEncoding }),
    ...(input.ResponseContentLanguage === undefined ? {} : { ContentLanguage: input.ResponseContentLanguage }),
    ...(input.ResponseExpires === undefined ? {} : { Expires: input.ResponseExpires }),
  }
}

function refuseAnonymousOverrides(input: ReadInput, { principal }: CallContext): void {
  if (principal.kind === 'anonymous' && Object.keys(overrides(input)).length > 0)
    throw s3Errors.invalidRequest('Request specific response headers cannot be used for anonymous GET requests.')
}
