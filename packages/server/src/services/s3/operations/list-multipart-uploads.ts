import { UPLOADS, escaped, grouped } from '#services/s3/catalog/keys.ts'
import type { Upload } from '#services/s3/catalog/uploads.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { given, keyWriter, pageSize } from '#services/s3/listing/encoding.ts'
import { toldBy } from '#services/s3/listing/objects.ts'
import { readPage } from '#services/s3/listing/page.ts'
import { RowCursor } from '#services/s3/listing/row-cursor.ts'
import { ownerOf } from '#services/s3/owner.ts'
import type { S3Handler, S3Input } from '#services/s3/types.ts'

/** Uploads that were begun and not ended, by key, the oldest of each first. */
export const listMultipartUploads =
  ({ buckets, records }: Pick<S3Parts, 'buckets' | 'records'>): S3Handler<'ListMultipartUploads'> =>
  async (input) => {
    const bucket = await buckets.require(input.Bucket)
    const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: keyMarker = '' } = input
    const most = pageSize(input.MaxUploads, 'max-uploads')
    const write = keyWriter(input.EncodingType)
    const after = positionOf(input)
    const rows = new RowCursor<Upload>(records, {
      collection: UPLOADS,
      bucketId: bucket.id,
      prefix: escaped(prefix),
      ...(after === undefined ? {} : { after }),
    })
    const told = toldBy(keyMarker, prefix, delimiter)
    const page = await readPage(
      {
        peek: async () => (await rows.peek())?.value,
        advance: () => rows.advance(),
        passOver: (beginning: string) => rows.passOver(escaped(beginning)),
      },
      { prefix, delimiter, most, ...(told === undefined ? {} : { told }) },
    )
    const owner = ownerOf(bucket.owner)
    return {
      Bucket: bucket.name,
      KeyMarker: write(keyMarker),
      UploadIdMarker: input.UploadIdMarker ?? '',
      ...given('Prefix', prefix, write),
      ...given('Delimiter', delimiter, write),
      MaxUploads: most,
      IsTruncated: page.isTruncated,
      ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
      ...(page.isTruncated && page.last !== undefined
        ? 'entry' in page.last
          ? { NextKeyMarker: write(page.last.entry.key), NextUploadIdMarker: page.last.entry.uploadId }
          : { NextKeyMarker: write(page.last.commonPrefix) }
        : {}),
      Uploads: page.entries.map((upload) => ({
        UploadId: upload.uploadId,
        Key: write(upload.key),
        Initiated: upload.initiated,
        StorageClass: (upload.storageClass ?? 'STANDARD') as 'STANDARD',
        Owner: owner,
        Initiator: { ID: upload.initiator, DisplayName: upload.initiator },
        ...(upload.checksum === undefined
          ? {}
          : { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.type }),
      })),
      CommonPrefixes: page.commonPrefixes.map((commonPrefix) => ({ Prefix: write(commonPrefix) })),
    }
  }

/** Without a key the upload's id says nothing. */
function positionOf({
  KeyMarker: key = '',
  UploadIdMarker: id = '',
}: S3Input<'ListMultipartUploads'>): string | undefined {
  if (key === '') return undefined
  return `${grouped(key)}${id === '' ? '\u{10FFFF}' : id}`
}
