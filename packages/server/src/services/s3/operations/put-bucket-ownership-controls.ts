import type { S3Parts } from '#services/s3/deps.ts'
import { enforcedOwnership } from '#services/s3/buckets/ownership.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Takes the one ownership that is true here. */
export const putBucketOwnershipControls =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutBucketOwnershipControls'> =>
  async (input) => {
    const [rule, ...more] = input.OwnershipControls.Rules
    if (rule === undefined || more.length > 0) throw s3Errors.malformedXml()
    const ownership = enforcedOwnership(rule.ObjectOwnership)
    await buckets.change(input.Bucket, (bucket) => ({ ...bucket, ownership }))
    return {}
  }
