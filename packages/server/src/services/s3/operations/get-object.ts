import { reading, send } from '#services/s3/bodies/send.ts'
import { findObject } from '#services/s3/catalog/found-object.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** An object, or a range or part of it; bytes are verified before they are sent. */
export const getObject =
  (parts: Pick<S3Parts, 'buckets' | 'catalog' | 'keys' | 'objects'>): S3Handler<'GetObject'> =>
  (input, ctx) =>
    reading(parts.objects, async (begun) => {
      const found = await findObject(parts, input, ctx, 'GET')
      return { ...found.members, Body: await send(parts.objects, begun, found.dataKey, found.parts, found.range) }
    })
