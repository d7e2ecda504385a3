import { checksumOfParts, givenChecksum, typedChecksumMembers } from '#services/s3/bodies/checksums.ts'
import { checkWrite } from '#services/s3/bodies/conditions.ts'
import { completedParts, etagOfParts } from '#services/s3/catalog/completed-parts.ts'
import { quoted } from '#services/s3/catalog/found-object.ts'
import type { Checksum, ObjectPart } from '#services/s3/catalog/object-version.ts'
import { versionMember } from '#services/s3/catalog/resolve.ts'
import type { Upload, UploadedPart } from '#services/s3/catalog/uploads.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { describeEncryption } from '#services/s3/encryption/described.ts'
import { customerKey } from '#services/s3/encryption/wanted.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_OBJECT_BYTES } from '#services/s3/limits.ts'
import type { S3Handler, S3Input } from '#services/s3/types.ts'

type Input = S3Input<'CompleteMultipartUpload'>

/** Makes an object of parts. Their bytes stay where they are: the object is a list of them. */
export const completeMultipartUpload =
  ({
    buckets,
    uploads,
    catalog,
    garbage,
  }: Pick<S3Parts, 'buckets' | 'uploads' | 'catalog' | 'garbage'>): S3Handler<'CompleteMultipartUpload'> =>
  async (input, ctx) => {
    const bucket = await buckets.require(input.Bucket)
    const allow = checkWrite(input.Key, input)
    const given = customerKey(input)
    return uploads.alone(input.UploadId, async () => {
      const upload = await uploads.require(bucket, input.Key, input.UploadId)
      const named = input.MultipartUpload?.Parts ?? []
      const parts = completedParts(upload, await uploads.parts(bucket, upload.uploadId), named)
      const size = parts.reduce((sum, { blob }) => sum + blob.length, 0)
      checkSize(input, size)
      const checksum = checksumOf(upload, parts, input)
      const manifest = parts.map(objectPart)
      const ending = await uploads.ending(bucket, upload, new Set(parts.map(({ blob }) => blob.id)))
      const {
        key,
        uploadId,
        initiated: _initiated,
        initiator: _initiator,
        checksum: _wanted,
        encryption,
        ...attributes
      } = upload
      const stored = await catalog.put(
        bucket,
        {
          ...attributes,
          key,
          modified: ctx.now,
          size,
          etag: etagOfParts(parts),
          body: { kind: 'parts', manifest: uploadId, count: parts.length },
          encryption,
          ...(checksum === undefined ? {} : { checksum }),
        },
        { allow, blobs: [], manifest: { id: uploadId, parts: manifest }, with: ending.changes },
      )
      void garbage.free(ending.dropped)
      return {
        Bucket: bucket.name,
        Key: key,
        Location: `/${bucket.name}/${encodeURIComponent(key).replaceAll('%2F', '/')}`,
        ETag: quoted(stored.etag),
        ...typedChecksumMembers(checksum),
        ...describeEncryption(encryption, given?.md5),
        ...versionMember(bucket, stored),
      }
    })
  }

/** Numbers of parts may have gaps; an object's parts are counted from 1. */
const objectPart = ({ blob, checksum }: UploadedPart, index: number): ObjectPart => ({
  number: index + 1,
  blob,
  ...(checksum === undefined ? {} : { checksum }),
})

function checkSize({ MpuObjectSize: told }: Input, size: number): void {
  if (size > MAX_OBJECT_BYTES) throw s3Errors.entityTooLarge(MAX_OBJECT_BYTES)
  if (told !== undefined && told !== size) {
    throw s3Errors.invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${String(told)} does not match what was computed: ${String(size)}`,
    )
  }
}

/** @throws S3Error BadDigest when the client expects another one */
function checksumOf({ checksum }: Upload, parts: readonly UploadedPart[], input: Input): Checksum | undefined {
  const { algorithm, type } = checksum ?? { algorithm: 'CRC64NVME', type: 'FULL_OBJECT' }
  const found = checksumOfParts(parts, algorithm, type)
  const given = givenChecksum(input)
  const told = given?.value.replace(/-\d+$/, '')
  if (given !== undefined && (given.algorithm !== found?.algorithm || told !== found.value.replace(/-\d+$/, ''))) {
    throw s3Errors.bad(
      'BadDigest',
      `The ${given.algorithm.toLowerCase()} you specified did not match what we computed for the whole object.`,
    )
  }
  return found
}
