import type { ByteStream } from '@sluice/wire'
import type { CallContext } from '#kernel/call.ts'
import { type Conditions, checkWrite } from '#services/s3/bodies/conditions.ts'
import { receive } from '#services/s3/bodies/receive.ts'
import { storedOrDropped } from '#services/s3/bodies/stored-or-dropped.ts'
import type { Bucket } from '#services/s3/buckets/bucket.ts'
import type { ChecksumName, ObjectAttributes } from '#services/s3/catalog/object-version.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { describeEncryption } from '#services/s3/encryption/described.ts'
import { type EncryptionInput, wantedEncryption } from '#services/s3/encryption/wanted.ts'

/** What is stored, and under which key of which bucket. */
export interface ObjectRequest {
  readonly bucket: Bucket
  readonly input: EncryptionInput & Pick<Conditions, 'IfMatch' | 'IfNoneMatch'> & { readonly Key: string }
  readonly attributes: ObjectAttributes
  /** Asked for the bytes once nothing in the request's head speaks against storing them. */
  readonly open: () => Promise<ByteStream | undefined> | ByteStream | undefined
  /** The checksum of bytes that come without one. */
  readonly algorithm?: ChecksumName
}

/** Stores an object under a data key of its own. @throws S3Error, WireError, AwsError of KMS; then nothing is stored */
export async function receiveObject(
  { catalog, keys, objects }: Pick<S3Parts, 'catalog' | 'keys' | 'objects'>,
  { bucket, input, attributes, open, algorithm }: ObjectRequest,
  ctx: CallContext,
) {
  const key = input.Key
  const wanted = wantedEncryption(input, bucket)
  const allow = checkWrite(key, input)
  allow?.(await catalog.current(bucket, key))
  const { encryption, dataKey } = await keys.make(wanted, { bucket, key }, ctx)
  const { written, md5, checksum } = await receive(objects, dataKey, await open(), algorithm)
  const stored = await storedOrDropped(objects, written.blob, () =>
    catalog.put(
      bucket,
      {
        ...attributes,
        key,
        modified: ctx.now,
        size: written.blob.length,
        etag: md5,
        body: { kind: 'blob', blob: written.blob },
        encryption,
        ...(checksum === undefined ? {} : { checksum }),
      },
      { allow, blobs: [written] },
    ),
  )
  return {
    stored,
    members: describeEncryption(encryption, wanted.kind === 'customer' ? wanted.md5 : undefined),
  }
}
