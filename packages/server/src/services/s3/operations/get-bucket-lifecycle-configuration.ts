import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** The rules by which objects expire. */
export const getBucketLifecycleConfiguration =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'GetBucketLifecycleConfiguration'> =>
  async (input) => {
    const { name, lifecycle } = await buckets.require(input.Bucket)
    if (lifecycle === undefined) {
      throw s3Errors.notConfigured('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', name)
    }
    return { Rules: lifecycle, TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K' }
  }
