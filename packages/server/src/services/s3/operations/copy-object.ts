import type { CallContext } from '#kernel/call.ts'
import { attributesOf, headersOf, metadataOf } from '#services/s3/attributes.ts'
import { knownAlgorithm, typedChecksumMembers } from '#services/s3/bodies/checksums.ts'
import { receiveObject } from '#services/s3/bodies/receive-object.ts'
import { reading } from '#services/s3/bodies/send.ts'
import { checkKey } from '#services/s3/buckets/names.ts'
import { type CopiedObject, findCopied } from '#services/s3/catalog/copied-object.ts'
import { quoted } from '#services/s3/catalog/found-object.ts'
import type { ChecksumName, ObjectAttributes } from '#services/s3/catalog/object-version.ts'
import { versionMember } from '#services/s3/catalog/resolve.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler, S3Input, S3Output } from '#services/s3/types.ts'
import type { Reading } from '#stores/objects/object-store.ts'

type Input = S3Input<'CopyObject'>
type Parts = Pick<S3Parts, 'buckets' | 'catalog' | 'keys' | 'objects'>

/** Makes a new object of the bytes of another one, under a data key of its own. */
export const copyObject =
  (parts: Parts): S3Handler<'CopyObject'> =>
  (input, ctx) =>
    reading(parts.objects, (begun) => copy(parts, input, ctx, begun))

async function copy(parts: Parts, input: Input, ctx: CallContext, begun: Reading): Promise<S3Output<'CopyObject'>> {
  checkKey(input.Key)
  const bucket = await parts.buckets.require(input.Bucket)
  const copied = await findCopied(parts, input, ctx, begun)
  refuseNoChange(input, copied)
  const said = attributesOf({ ...input, ...tagging(input) }, bucket, ctx.now)
  const { stored, members } = await receiveObject(
    parts,
    {
      bucket,
      input,
      attributes: attributesOfCopy(input, copied, said),
      open: () => copied.read(),
      algorithm: algorithmOf(input, copied),
    },
    ctx,
  )
  return {
    CopyObjectResult: {
      ETag: quoted(stored.etag),
      LastModified: stored.modified,
      ...typedChecksumMembers(stored.checksum),
    },
    ...members,
    ...versionMember(bucket, stored),
    ...(copied.bucket.versioning === undefined ? {} : { CopySourceVersionId: copied.object.versionId }),
  }
}

/** What a copy onto itself has to change. */
const CHANGES = [
  'MetadataDirective',
  'TaggingDirective',
  'StorageClass',
  'ServerSideEncryption',
  'SSECustomerKey',
  'CopySourceSSECustomerKey',
  'WebsiteRedirectLocation',
  'ChecksumAlgorithm',
] as const

function refuseNoChange(input: Input, { source, bucket, object }: CopiedObject): void {
  if (source.bucket !== input.Bucket || source.key !== input.Key) return
  const isOlder = source.versionId !== undefined && bucket.versioning !== undefined
  const changes = CHANGES.some((member) => input[member] !== undefined && input[member] !== 'COPY')
  if (changes || isOlder || object.storageClass !== undefined) return
  throw s3Errors.invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  )
}

/** Tags come with the request only where they replace the source's. */
const tagging = ({ TaggingDirective, Tagging }: Input): { readonly Tagging: string | undefined } => ({
  Tagging: TaggingDirective === 'REPLACE' ? Tagging : undefined,
})

/** Storage class, retention and legal hold are never copied. */
function attributesOfCopy(
  input: Input,
  { object }: CopiedObject,
  { headers: _headers, metadata: _metadata, ...said }: ObjectAttributes,
): ObjectAttributes {
  const replaces = input.MetadataDirective === 'REPLACE'
  return {
    headers: replaces ? headersOf(input) : object.headers,
    metadata: replaces ? metadataOf(input.Metadata) : object.metadata,
    ...said,
    ...(input.TaggingDirective === 'REPLACE' || object.tags === undefined ? {} : { tags: object.tags }),
  }
}

function algorithmOf({ ChecksumAlgorithm: asked }: Input, { object }: CopiedObject): ChecksumName {
  return asked === undefined ? (object.checksum?.algorithm ?? 'CRC64NVME') : knownAlgorithm(asked)
}
