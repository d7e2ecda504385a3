import type { S3Parts } from '#services/s3/deps.ts'
import { checkLifecycleRules } from '#services/s3/lifecycle/rules.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Replaces the rules by which objects expire. */
export const putBucketLifecycleConfiguration =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutBucketLifecycleConfiguration'> =>
  async (input) => {
    const lifecycle = checkLifecycleRules(input.LifecycleConfiguration?.Rules ?? [])
    await buckets.change(input.Bucket, (bucket) => ({ ...bucket, lifecycle }))
    return { TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K' }
  }
