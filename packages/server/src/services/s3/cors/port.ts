import type { BucketPages } from '#kernel/bucket-pages.ts'
import type { Buckets } from '#services/s3/buckets/buckets.ts'
import { ruleFor } from '#services/s3/cors/rules.ts'

/** Which web pages the rules of buckets let in; they hold for the next request. */
export const bucketCors =
  (buckets: Buckets): BucketPages =>
  async (name, page) => {
    const rule = ruleFor((await buckets.find(name))?.cors ?? [], page)
    if (rule === undefined) return undefined
    return {
      isForAll: rule.AllowedOrigins.includes('*'),
      methods: rule.AllowedMethods,
      exposedHeaders: rule.ExposeHeaders ?? [],
      ...(rule.MaxAgeSeconds === undefined ? {} : { maxAgeSeconds: rule.MaxAgeSeconds }),
    }
  }
