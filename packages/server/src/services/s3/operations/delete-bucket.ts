import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Removes a bucket that holds nothing; nothing can come into it meanwhile. */
export const deleteBucket =
  ({ buckets, gate, catalog }: Pick<S3Parts, 'buckets' | 'gate' | 'catalog'>): S3Handler<'DeleteBucket'> =>
  async ({ Bucket: name }) => {
    const bucket = await buckets.require(name)
    await gate.alone(bucket.id, async () => {
      if (!(await catalog.isEmpty(bucket))) throw s3Errors.bucketNotEmpty(name)
      await buckets.delete(bucket)
    })
    return {}
  }
