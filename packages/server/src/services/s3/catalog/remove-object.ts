import type { Bucket } from '#services/s3/buckets/bucket.ts'
import type { Catalog } from '#services/s3/catalog/catalog.ts'
import { seqOf } from '#services/s3/catalog/keys.ts'
import type { ObjectVersion } from '#services/s3/catalog/object-version.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { checkRemovable } from '#services/s3/lock/lock.ts'

export interface Removal {
  readonly key: string
  readonly versionId: string | undefined
  readonly now: number
  /** Whether the caller may and wants to remove what is retained in governance mode. */
  readonly bypass: boolean
  readonly allow?: ((current: ObjectVersion | undefined) => void) | undefined
}

export interface Removed {
  /** A delete marker was made, or removed. */
  readonly marker: boolean
  readonly versionId?: string
}

/** One deletion; that there was nothing is no error. @throws S3Error InvalidArgument, AccessDenied when it is locked */
export async function removeObject(catalog: Catalog, bucket: Bucket, removal: Removal): Promise<Removed> {
  const { key, versionId, now, bypass, allow } = removal
  if (versionId === undefined) {
    const marker = await catalog.hide(bucket, key, now, allow)
    return marker === undefined ? { marker: false } : { marker: true, versionId: marker.versionId }
  }
  if (versionId !== 'null' && seqOf(versionId) === undefined) throw s3Errors.invalidVersionId(versionId)
  const removed = await catalog.remove(bucket, key, versionId, (version) => {
    if (version.kind === 'object') allow?.(version)
    checkRemovable(version, now, bypass)
  })
  return { marker: removed?.kind === 'marker', versionId }
}
