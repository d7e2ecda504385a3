import type { S3Parts } from '#services/s3/deps.ts'
import { checkCorsRules } from '#services/s3/cors/rules.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Replaces the rules for web pages; they hold for the next request. */
export const putBucketCors =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutBucketCors'> =>
  async (input) => {
    const cors = checkCorsRules(input.CORSConfiguration.CORSRules)
    await buckets.change(input.Bucket, (bucket) => ({ ...bucket, cors }))
    return {}
  }
