import { findObject } from '#services/s3/catalog/found-object.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** What GetObject would say, without the bytes. */
export const headObject =
  (parts: Pick<S3Parts, 'buckets' | 'catalog' | 'keys'>): S3Handler<'HeadObject'> =>
  async (input, ctx) =>
    (await findObject(parts, input, ctx, 'HEAD')).members
