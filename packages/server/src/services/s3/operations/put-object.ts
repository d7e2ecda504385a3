import { attributesOf } from '#services/s3/attributes.ts'
import { receive } from '#services/s3/bodies/receive.ts'
import { typedChecksumMembers } from '#services/s3/bodies/checksums.ts'
import { checkWrite } from '#services/s3/bodies/conditions.ts'
import { storedOrDropped } from '#services/s3/bodies/stored-or-dropped.ts'
import { checkKey } from '#services/s3/buckets/names.ts'
import { quoted } from '#services/s3/catalog/found-object.ts'
import { versionMember } from '#services/s3/catalog/resolve.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { describeEncryption } from '#services/s3/encryption/described.ts'
import { wantedEncryption } from '#services/s3/encryption/wanted.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

type Parts = Pick<S3Parts, 'buckets' | 'catalog' | 'keys' | 'objects'>

/** Stores an object: all that can be refused by its head is, before a byte is read. */
export const putObject =
  ({ buckets, catalog, keys, objects }: Parts): S3Handler<'PutObject'> =>
  async (input, ctx) => {
    if (input.WriteOffsetBytes !== undefined) throw s3Errors.notBuilt('Writing at an offset')
    const key = input.Key
    checkKey(key)
    const bucket = await buckets.require(input.Bucket)
    const attributes = attributesOf(input, bucket, ctx.now)
    const wanted = wantedEncryption(input, bucket)
    const allow = checkWrite(key, input)
    allow?.(await catalog.current(bucket, key))
    const { encryption, dataKey } = await keys.make(wanted, { bucket, key }, ctx)
    const { written, md5, checksum } = await receive(objects, dataKey, input.Body)
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
      ETag: quoted(md5),
      ...typedChecksumMembers(checksum),
      ...describeEncryption(encryption, wanted.kind === 'customer' ? wanted.md5 : undefined),
      ...versionMember({ ...bucket, ...versioningOf(stored.versionId) }, stored),
    }
  }

/** Versioning may have been switched on while the body came. */
const versioningOf = (versionId: string) => (versionId === 'null' ? {} : ({ versioning: 'Enabled' } as const))
