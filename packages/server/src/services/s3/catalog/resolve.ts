import type { Bucket } from '#services/s3/buckets/bucket.ts'
import type { Catalog } from '#services/s3/catalog/catalog.ts'
import { seqOf } from '#services/s3/catalog/keys.ts'
import type { ObjectVersion } from '#services/s3/catalog/object-version.ts'
import { s3Errors } from '#services/s3/errors.ts'

/** Which object a request means. */
export interface ObjectName {
  readonly Key: string
  readonly VersionId?: string | undefined
}

/**
 * The object that a request means.
 * @param method for the refusal of a delete marker
 * @throws S3Error NoSuchKey, NoSuchVersion, InvalidArgument, MethodNotAllowed
 */
export async function resolveObject(
  catalog: Catalog,
  bucket: Bucket,
  { Key, VersionId }: ObjectName,
  method: string,
): Promise<ObjectVersion> {
  if (VersionId === undefined) {
    const latest = await catalog.latest(bucket, Key)
    if (latest?.kind === 'object') return latest
    throw s3Errors.noSuchKey(
      Key,
      latest === undefined ? {} : { 'x-amz-delete-marker': 'true', 'x-amz-version-id': latest.versionId },
    )
  }
  if (VersionId !== 'null' && seqOf(VersionId) === undefined) throw s3Errors.invalidVersionId(VersionId)
  const version = await catalog.version(bucket, Key, VersionId)
  if (version === undefined) throw s3Errors.noSuchVersion(Key, VersionId)
  if (version.kind === 'marker') {
    throw s3Errors.isDeleteMarker(method, {
      'x-amz-version-id': VersionId,
      'last-modified': new Date(version.modified).toUTCString(),
    })
  }
  return version
}

/** Answers name a version only where the bucket has or had them. */
export const versionMember = (
  bucket: Bucket,
  { versionId }: { readonly versionId: string },
): { readonly VersionId?: string } => (bucket.versioning === undefined ? {} : { VersionId: versionId })
