import { checksumMembers, typedChecksumMembers } from '#services/s3/bodies/checksums.ts'
import { findObject } from '#services/s3/catalog/found-object.ts'
import type { ObjectPart } from '#services/s3/catalog/object-version.ts'
import { versionMember } from '#services/s3/catalog/resolve.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { pageSize } from '#services/s3/listing/encoding.ts'
import type { S3Handler, S3Input } from '#services/s3/types.ts'

const KNOWN: ReadonlySet<string> = new Set(['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'])

/** Chosen facts of an object, among them its parts. */
export const getObjectAttributes =
  (parts: Pick<S3Parts, 'buckets' | 'catalog' | 'keys'>): S3Handler<'GetObjectAttributes'> =>
  async (input, ctx) => {
    const wanted = new Set(input.ObjectAttributes.flatMap((name) => name.split(',')).map((name) => name.trim()))
    for (const name of wanted) {
      if (!KNOWN.has(name))
        throw s3Errors.invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', name)
    }
    const { object, parts: pieces, bucket } = await findObject(parts, input, ctx, 'GET')
    const isInParts = object.body.kind === 'parts'
    return {
      LastModified: object.modified,
      ...versionMember(bucket, object),
      ...(wanted.has('ETag') ? { ETag: object.etag } : {}),
      ...(wanted.has('Checksum') && object.checksum !== undefined
        ? { Checksum: typedChecksumMembers(object.checksum) }
        : {}),
      ...(wanted.has('ObjectParts') && isInParts ? { ObjectParts: partsPage(pieces, input) } : {}),
      ...(wanted.has('StorageClass') ? { StorageClass: (object.storageClass ?? 'STANDARD') as 'STANDARD' } : {}),
      ...(wanted.has('ObjectSize') ? { ObjectSize: object.size } : {}),
    }
  }

function partsPage(
  parts: readonly ObjectPart[],
  { MaxParts, PartNumberMarker }: Pick<S3Input<'GetObjectAttributes'>, 'MaxParts' | 'PartNumberMarker'>,
) {
  const most = pageSize(MaxParts, 'max-parts')
  const marker = PartNumberMarker ?? 0
  const page = parts.filter(({ number }) => number > marker).slice(0, most)
  const last = page.at(-1)?.number ?? marker
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: marker,
    NextPartNumberMarker: last,
    MaxParts: most,
    IsTruncated: most > 0 && last < parts.length,
    // Parts are told one by one only where each has a checksum, as AWS does.
    ...(parts.every(({ checksum }) => checksum !== undefined)
      ? {
          Parts: page.map(({ number, blob, checksum }) => ({
            PartNumber: number,
            Size: blob.length,
            ...checksumMembers(checksum),
          })),
        }
      : {}),
  }
}
