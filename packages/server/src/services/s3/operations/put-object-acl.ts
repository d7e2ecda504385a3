import type { S3Parts } from '#services/s3/deps.ts'
import { refuseAcls } from '#services/s3/attributes.ts'
import { resolveObject } from '#services/s3/catalog/resolve.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** ACLs are off: only saying so again is taken. */
export const putObjectAcl =
  ({ buckets, catalog }: Pick<S3Parts, 'buckets' | 'catalog'>): S3Handler<'PutObjectAcl'> =>
  async (input) => {
    const bucket = await buckets.require(input.Bucket)
    await resolveObject(catalog, bucket, input, 'PUT')
    if (input.AccessControlPolicy !== undefined) throw s3Errors.aclsOff()
    refuseAcls(input)
    if (input.ACL === undefined) throw s3Errors.malformedXml()
    return {}
  }
