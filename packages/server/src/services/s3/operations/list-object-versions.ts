import { seqOf } from '#services/s3/catalog/keys.ts'
import type { Version } from '#services/s3/catalog/object-version.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { describeListed } from '#services/s3/listing/described.ts'
import { given, keyWriter, pageSize } from '#services/s3/listing/encoding.ts'
import { type ListedVersion, listVersions } from '#services/s3/listing/versions.ts'
import { ownerOf } from '#services/s3/owner.ts'
import type { S3Handler, S3Input } from '#services/s3/types.ts'
import type { Bucket } from '#services/s3/buckets/bucket.ts'

type Parts = Pick<S3Parts, 'buckets' | 'catalog' | 'records'>

/** All versions and delete markers, by key, the newest of each first. */
export const listObjectVersions =
  (parts: Parts): S3Handler<'ListObjectVersions'> =>
  async (input) => {
    const bucket = await parts.buckets.require(input.Bucket)
    const { Prefix: prefix = '', Delimiter: delimiter = '' } = input
    const most = pageSize(input.MaxKeys, 'max-keys')
    const write = keyWriter(input.EncodingType)
    const after = await positionOf(parts, bucket, input)
    const page = await listVersions(parts.records, {
      bucketId: bucket.id,
      prefix,
      delimiter,
      most,
      ...(after === undefined ? {} : { after }),
    })
    const owner = ownerOf(bucket.owner)
    const place = (listed: ListedVersion) => ({
      IsLatest: listed.isLatest,
      VersionId: listed.version.versionId,
      Owner: owner,
    })
    return {
      Name: bucket.name,
      Prefix: write(prefix),
      KeyMarker: write(input.KeyMarker ?? ''),
      VersionIdMarker: input.VersionIdMarker ?? '',
      ...given('Delimiter', delimiter, write),
      MaxKeys: most,
      IsTruncated: page.isTruncated,
      ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
      ...(page.isTruncated ? nextMarkers(page.last, write) : {}),
      Versions: page.entries.flatMap((listed) =>
        listed.version.kind === 'object' ? [{ ...describeListed(listed.version, write), ...place(listed) }] : [],
      ),
      DeleteMarkers: page.entries.flatMap((listed) =>
        listed.version.kind === 'marker'
          ? [{ Key: write(listed.key), LastModified: listed.version.modified, ...place(listed) }]
          : [],
      ),
      CommonPrefixes: page.commonPrefixes.map((commonPrefix) => ({ Prefix: write(commonPrefix) })),
    }
  }

function nextMarkers(
  last: { readonly entry: ListedVersion } | { readonly commonPrefix: string } | undefined,
  write: (key: string) => string,
): { readonly NextKeyMarker?: string; readonly NextVersionIdMarker?: string } {
  if (last === undefined) return {}
  if ('commonPrefix' in last) return { NextKeyMarker: write(last.commonPrefix) }
  return { NextKeyMarker: write(last.entry.key), NextVersionIdMarker: last.entry.version.versionId }
}

/** Where the page begins. @throws S3Error InvalidArgument */
async function positionOf(
  { catalog }: Parts,
  bucket: Bucket,
  { KeyMarker: key = '', VersionIdMarker: versionId = '' }: S3Input<'ListObjectVersions'>,
): Promise<{ readonly key: string; readonly seq?: number } | undefined> {
  if (key === '') {
    if (versionId === '') return undefined
    throw s3Errors.invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      versionId,
    )
  }
  if (versionId === '') return { key }
  if (versionId !== 'null') {
    const seq = seqOf(versionId)
    if (seq === undefined)
      throw s3Errors.invalidArgument('Invalid version id specified', 'version-id-marker', versionId)
    return { key, seq }
  }
  const version: Version | undefined = await catalog.version(bucket, key, versionId)
  return version === undefined ? { key } : { key, seq: version.seq }
}
