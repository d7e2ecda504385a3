import { attributesOf } from '#services/s3/attributes.ts'
import { typedChecksumMembers } from '#services/s3/bodies/checksums.ts'
import { receiveObject } from '#services/s3/bodies/receive-object.ts'
import { checkKey } from '#services/s3/buckets/names.ts'
import { quoted } from '#services/s3/catalog/found-object.ts'
import { versionMember } from '#services/s3/catalog/resolve.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

type Parts = Pick<S3Parts, 'buckets' | 'catalog' | 'keys' | 'objects'>

/** Stores an object: all that can be refused by its head is, before a byte is read. */
export const putObject =
  (parts: Parts): S3Handler<'PutObject'> =>
  async (input, ctx) => {
    if (input.WriteOffsetBytes !== undefined) throw s3Errors.notBuilt('Writing at an offset')
    checkKey(input.Key)
    const bucket = await parts.buckets.require(input.Bucket)
    const { stored, members } = await receiveObject(
      parts,
      { bucket, input, attributes: attributesOf(input, bucket, ctx.now), open: () => input.Body },
      ctx,
    )
    return {
      ETag: quoted(stored.etag),
      ...typedChecksumMembers(stored.checksum),
      ...members,
      ...versionMember({ ...bucket, ...versioningOf(stored.versionId) }, stored),
    }
  }

/** Versioning may have been switched on while the body came. */
const versioningOf = (versionId: string) => (versionId === 'null' ? {} : ({ versioning: 'Enabled' } as const))
