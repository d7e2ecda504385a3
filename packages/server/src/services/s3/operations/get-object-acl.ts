import type { S3Parts } from '#services/s3/deps.ts'
import { ownersAcl } from '#services/s3/owner.ts'
import { resolveObject } from '#services/s3/catalog/resolve.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** ACLs are off: the owner has everything, and nobody else anything. */
export const getObjectAcl =
  ({ buckets, catalog }: Pick<S3Parts, 'buckets' | 'catalog'>): S3Handler<'GetObjectAcl'> =>
  async (input) => {
    const bucket = await buckets.require(input.Bucket)
    await resolveObject(catalog, bucket, input, 'GET')
    return ownersAcl(bucket.owner)
  }
