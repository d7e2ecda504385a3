import { createHash } from 'node:crypto'
import { givenChecksum } from '#services/s3/bodies/checksums.ts'
import type { Upload, UploadedPart } from '#services/s3/catalog/uploads.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { LEAST_PART_BYTES, MAX_PARTS } from '#services/s3/limits.ts'
import type { S3Input } from '#services/s3/types.ts'

type Named = NonNullable<NonNullable<S3Input<'CompleteMultipartUpload'>['MultipartUpload']>['Parts']>

/**
 * The parts that a client wants an object of, in its order.
 * @throws S3Error MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall, InvalidRequest
 */
export function completedParts(
  { uploadId, checksum }: Upload,
  uploaded: readonly UploadedPart[],
  named: Named,
): readonly UploadedPart[] {
  if (named.length === 0 || named.length > MAX_PARTS) throw s3Errors.malformedXml()
  const known = new Map(uploaded.map((part) => [part.number, part]))
  let before = 0
  const parts = named.map((wanted) => {
    const { PartNumber: number, ETag } = wanted
    if (number === undefined || ETag === undefined) throw s3Errors.malformedXml()
    if (number <= before) throw s3Errors.invalidPartOrder(uploadId)
    before = number
    const part = known.get(number)
    const etag = ETag.replace(/^"(.*)"$/, '$1')
    if (part === undefined || part.etag !== etag) throw s3Errors.invalidPart(uploadId, number, etag)
    checkNamedChecksum(uploadId, part, wanted, checksum?.type === 'COMPOSITE')
    return part
  })
  for (const { blob, number, etag } of parts.slice(0, -1)) {
    if (blob.length < LEAST_PART_BYTES) throw s3Errors.entityTooSmall(blob.length, LEAST_PART_BYTES, number, etag)
  }
  return parts
}

function checkNamedChecksum(uploadId: string, part: UploadedPart, wanted: Named[number], isRequired: boolean): void {
  const given = givenChecksum(wanted)
  if (given === undefined) {
    if (!isRequired || part.checksum === undefined) return
    const algorithm = part.checksum.algorithm.toLowerCase()
    throw s3Errors.invalidRequest(
      `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${String(part.number)} in the request.`,
    )
  }
  if (part.checksum?.algorithm !== given.algorithm || part.checksum.value !== given.value)
    throw s3Errors.invalidPart(uploadId, part.number, part.etag)
}

/** MD5 of the parts' MD5s, and how many they are. */
export const etagOfParts = (parts: readonly UploadedPart[]): string =>
  `${createHash('md5')
    .update(Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex'))))
    .digest('hex')}-${String(parts.length)}`
