import type { S3Parts } from '#services/s3/deps.ts'
import { checkRetentionChange, retentionOf } from '#services/s3/lock/lock.ts'
import { restateObject } from '#services/s3/catalog/restate-object.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Sets until when a version may not go; an empty retention takes one away that may be. */
export const putObjectRetention =
  ({ buckets, catalog }: Pick<S3Parts, 'buckets' | 'catalog'>): S3Handler<'PutObjectRetention'> =>
  async (input, ctx) => {
    const { Mode: mode, RetainUntilDate: until } = input.Retention ?? {}
    const bucket = await buckets.require(input.Bucket)
    if (bucket.lock === undefined) throw s3Errors.invalidRequest('Bucket is missing Object Lock Configuration')
    const next = (mode ?? until) === undefined ? undefined : retentionOf(mode, until, ctx.now)
    await restateObject(catalog, bucket, input, (object) => {
      checkRetentionChange(object, next, ctx.now, input.BypassGovernanceRetention === true)
      const { retention: _before, ...others } = object
      return next === undefined ? others : { ...others, retention: next }
    })
    return {}
  }
