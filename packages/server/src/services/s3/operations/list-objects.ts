import type { S3Parts } from '#services/s3/deps.ts'
import { describeListed } from '#services/s3/listing/described.ts'
import { given, keyWriter, pageSize } from '#services/s3/listing/encoding.ts'
import { listCurrent } from '#services/s3/listing/objects.ts'
import { ownerOf } from '#services/s3/owner.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** As ListObjectsV2, with the last key for a marker. */
export const listObjects =
  ({ buckets, records }: Pick<S3Parts, 'buckets' | 'records'>): S3Handler<'ListObjects'> =>
  async (input) => {
    const bucket = await buckets.require(input.Bucket)
    const { Prefix: prefix = '', Delimiter: delimiter = '', Marker: marker = '' } = input
    const most = pageSize(input.MaxKeys, 'maxKeys')
    const write = keyWriter(input.EncodingType)
    const page = await listCurrent(records, { bucketId: bucket.id, prefix, delimiter, most, after: marker })
    const last =
      page.last === undefined ? undefined : 'entry' in page.last ? page.last.entry.key : page.last.commonPrefix
    return {
      Name: bucket.name,
      Prefix: write(prefix),
      Marker: write(marker),
      ...given('Delimiter', delimiter, write),
      MaxKeys: most,
      IsTruncated: page.isTruncated,
      ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
      // Without a delimiter clients go on behind the last key by themselves.
      ...(page.isTruncated && delimiter !== '' ? given('NextMarker', last, write) : {}),
      Contents: page.entries.map((object) => ({ ...describeListed(object, write), Owner: ownerOf(bucket.owner) })),
      CommonPrefixes: page.commonPrefixes.map((commonPrefix) => ({ Prefix: write(commonPrefix) })),
    }
  }
