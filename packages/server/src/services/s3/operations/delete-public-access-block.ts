import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Blocks nothing any more. */
export const deletePublicAccessBlock =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'DeletePublicAccessBlock'> =>
  async (input) => {
    await buckets.change(input.Bucket, ({ publicAccess: _dropped, ...bucket }) => bucket)
    return {}
  }
