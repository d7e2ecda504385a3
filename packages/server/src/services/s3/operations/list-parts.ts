import { checksumMembers } from '#services/s3/bodies/checksums.ts'
import { quoted } from '#services/s3/catalog/found-object.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { pageSize } from '#services/s3/listing/encoding.ts'
import { ownerOf } from '#services/s3/owner.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** The parts of an upload, by number. */
export const listParts =
  ({ buckets, uploads }: Pick<S3Parts, 'buckets' | 'uploads'>): S3Handler<'ListParts'> =>
  async (input) => {
    const bucket = await buckets.require(input.Bucket)
    const upload = await uploads.require(bucket, input.Key, input.UploadId)
    const most = pageSize(input.MaxParts, 'max-parts')
    const marker = input.PartNumberMarker ?? 0
    const found = await uploads.parts(bucket, upload.uploadId, { after: marker, limit: most + 1 })
    const page = found.slice(0, most)
    const isTruncated = most > 0 && found.length > most
    return {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.uploadId,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? marker,
      MaxParts: most,
      IsTruncated: isTruncated,
      StorageClass: (upload.storageClass ?? 'STANDARD') as 'STANDARD',
      Owner: ownerOf(bucket.owner),
      Initiator: { ID: upload.initiator, DisplayName: upload.initiator },
      ...(upload.checksum === undefined
        ? {}
        : { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.type }),
      Parts: page.map((part) => ({
        PartNumber: part.number,
        LastModified: part.modified,
        ETag: quoted(part.etag),
        Size: part.blob.length,
        ...checksumMembers(part.checksum),
      })),
    }
  }
