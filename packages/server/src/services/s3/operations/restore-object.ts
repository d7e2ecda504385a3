import type { S3Parts } from '#services/s3/deps.ts'
import { resolveObject } from '#services/s3/catalog/resolve.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** No object is of a class that has to be restored before it is read. */
export const restoreObject =
  ({ buckets, catalog }: Pick<S3Parts, 'buckets' | 'catalog'>): S3Handler<'RestoreObject'> =>
  async (input) => {
    const { storageClass = 'STANDARD' } = await resolveObject(
      catalog,
      await buckets.require(input.Bucket),
      input,
      'GET',
    )
    throw s3Errors.notArchived(storageClass)
  }
