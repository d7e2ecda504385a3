import type { ByteStream } from '@sluice/wire'
import type { CallContext } from '#kernel/call.ts'
import { checksumMembers } from '#services/s3/bodies/checksums.ts'
import { receive } from '#services/s3/bodies/receive.ts'
import { storedOrDropped } from '#services/s3/bodies/stored-or-dropped.ts'
import type { Bucket } from '#services/s3/buckets/bucket.ts'
import type { Upload, UploadedPart } from '#services/s3/catalog/uploads.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { describeEncryption } from '#services/s3/encryption/described.ts'
import { type CustomerKeyInput, customerKey } from '#services/s3/encryption/wanted.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_PARTS } from '#services/s3/limits.ts'

/** Which part is stored, and of what. */
export interface PartRequest {
  readonly bucket: Bucket
  readonly upload: Upload
  readonly number: number
  readonly input: CustomerKeyInput
  readonly body: ByteStream | undefined
  /** The bytes are the platform's own: they have no checksum but the one that is computed here. */
  readonly isCopy: boolean
}

/** @throws S3Error InvalidArgument */
export function checkPartNumber(number: number): void {
  if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS) {
    throw s3Errors.invalidArgument(
      `Part number must be an integer between 1 and ${String(MAX_PARTS)}, inclusive`,
      'partNumber',
      String(number),
    )
  }
}

/** Stores a part under the upload's data key. @throws S3Error, WireError; then nothing is stored */
export async function receivePart(
  { uploads, keys, objects }: Pick<S3Parts, 'uploads' | 'keys' | 'objects'>,
  { bucket, upload, number, input, body, isCopy }: PartRequest,
  ctx: CallContext,
) {
  const given = customerKey(input)
  const dataKey = await keys.open(upload.encryption, given, { bucket, key: upload.key }, ctx)
  const wanted = upload.checksum?.algorithm
  const { written, md5, checksum } = await receive(objects, dataKey, body, wanted)
  const part: UploadedPart = {
    number,
    blob: written.blob,
    etag: md5,
    modified: ctx.now,
    ...(checksum === undefined ? {} : { checksum }),
  }
  await storedOrDropped(objects, written.blob, async () => {
    if (!isCopy && wanted !== undefined && checksum?.algorithm !== wanted) {
      throw s3Errors.invalidRequest(
        `Checksum Type mismatch occurred, expected checksum Type: ${wanted.toLowerCase()}, actual checksum Type: ${checksum?.algorithm.toLowerCase() ?? 'null'}`,
      )
    }
    await uploads.addPart(bucket, upload, part, written)
  })
  return {
    part,
    members: { ...checksumMembers(checksum), ...describeEncryption(upload.encryption, given?.md5) },
  }
}
