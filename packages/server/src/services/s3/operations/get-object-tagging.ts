import type { S3Parts } from '#services/s3/deps.ts'
import { resolveObject, versionMember } from '#services/s3/catalog/resolve.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** The tags of a version. */
export const getObjectTagging =
  ({ buckets, catalog }: Pick<S3Parts, 'buckets' | 'catalog'>): S3Handler<'GetObjectTagging'> =>
  async (input) => {
    const bucket = await buckets.require(input.Bucket)
    const object = await resolveObject(catalog, bucket, input, 'GET')
    return { TagSet: object.tags ?? [], ...versionMember(bucket, object) }
  }
