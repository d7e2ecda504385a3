import type { S3Parts } from '#services/s3/deps.ts'
import { refuseAcls } from '#services/s3/attributes.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** ACLs are off: only saying so again is taken. */
export const putBucketAcl =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutBucketAcl'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    if (input.AccessControlPolicy !== undefined) throw s3Errors.aclsOff()
    refuseAcls(input)
    if (input.ACL === undefined) throw s3Errors.malformedXml()
    return {}
  }
