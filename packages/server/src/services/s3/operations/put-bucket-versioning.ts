import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Switches versions on, or stops making new ones; they cannot be switched off again. */
export const putBucketVersioning =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutBucketVersioning'> =>
  async (input) => {
    const { Status: status, MFADelete: mfa } = input.VersioningConfiguration
    if (mfa === 'Enabled') throw s3Errors.notBuilt('MFA delete')
    if (status === undefined) throw s3Errors.malformedXml()
    await buckets.change(input.Bucket, (bucket) => {
      if (status === 'Suspended' && bucket.lock !== undefined) {
        throw s3Errors.conflictingState(
          'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
        )
      }
      return { ...bucket, versioning: status }
    })
    return {}
  }
