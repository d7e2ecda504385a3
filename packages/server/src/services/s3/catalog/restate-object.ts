import type { Bucket } from '#services/s3/buckets/bucket.ts'
import type { Catalog } from '#services/s3/catalog/catalog.ts'
import type { ObjectVersion } from '#services/s3/catalog/object-version.ts'
import { type ObjectName, resolveObject } from '#services/s3/catalog/resolve.ts'
import { s3Errors } from '#services/s3/errors.ts'

/** Changes what is said about the object that a request means. @throws S3Error when it is not there */
export async function restateObject(
  catalog: Catalog,
  bucket: Bucket,
  name: ObjectName,
  next: (object: ObjectVersion) => ObjectVersion,
): Promise<ObjectVersion> {
  await resolveObject(catalog, bucket, name, 'PUT')
  const restated = await catalog.restate(bucket, name.Key, name.VersionId, next)
  // It may have gone between the two steps.
  if (restated?.kind !== 'object') throw s3Errors.noSuchKey(name.Key)
  return restated
}
