import { quoted } from '#services/s3/catalog/found-object.ts'
import type { Checksum, ObjectVersion } from '#services/s3/catalog/object-version.ts'
import type { KeyWriter } from '#services/s3/listing/encoding.ts'

/** What every list of objects says about one. */
export function describeListed(object: ObjectVersion, write: KeyWriter) {
  return {
    Key: write(object.key),
    LastModified: object.modified,
    ETag: quoted(object.etag),
    ...listedChecksum(object.checksum),
    Size: object.size,
    StorageClass: (object.storageClass ?? 'STANDARD') as 'STANDARD',
  }
}

const listedChecksum = (checksum: Checksum | undefined) =>
  checksum === undefined ? {} : { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type }
