import { type ByteStream, type PayloadStream, type PayloadSummary, payloadStream } from '@sluice/wire'
import { digestOf, storedChecksum } from '#services/s3/bodies/checksums.ts'
import type { Checksum, ChecksumName } from '#services/s3/catalog/object-version.ts'
import { blobEncryptionKey } from '#services/s3/encryption/data-keys.ts'
import { MAX_COPY_BYTES } from '#services/s3/limits.ts'
import { type ObjectStore, type Written, newBlobId } from '#stores/objects/object-store.ts'

/** A body that is on the disk, whole and right, and that nothing refers to yet. */
export interface Received {
  readonly written: Written
  /** Hex. */
  readonly md5: string
  readonly checksum: Checksum | undefined
}

/**
 * Stores a body as it comes.
 * @param body what a client sends; callers within the platform give bytes, which are digested here
 * @param algorithm the checksum of bytes that come without one
 * @throws WireError when it is not what the request says of it; nothing stays behind then
 */
export async function receive(
  objects: ObjectStore,
  dataKey: Uint8Array,
  body: ByteStream | undefined,
  algorithm: ChecksumName = 'CRC64NVME',
): Promise<Received> {
  const stream = withSummary(body ?? nothing(), algorithm)
  const id = newBlobId()
  const written = await objects.write(id, blobEncryptionKey(dataKey, id), stream)
  const summary = stream.summary()
  return { written, md5: md5Of(summary), checksum: storedChecksum(summary, algorithm) }
}

const withSummary = (body: ByteStream, algorithm: ChecksumName): PayloadStream =>
  'summary' in body
    ? (body as PayloadStream)
    : payloadStream({ maxBytes: MAX_COPY_BYTES, compute: ['md5', digestOf(algorithm)] }, body)

function md5Of({ digests }: PayloadSummary): string {
  if (digests.md5 === undefined) throw new Error('the MD5 of a body was not asked for')
  return Buffer.from(digests.md5, 'base64').toString('hex')
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
