import { s3Errors } from '#services/s3/errors.ts'

/** ACLs are off everywhere, and no other ownership is true of objects here. @throws S3Error NotImplemented */
export function enforcedOwnership(asked: string): 'BucketOwnerEnforced' {
  if (asked !== 'BucketOwnerEnforced') throw s3Errors.notBuilt(`The object ownership ${asked}, which needs ACLs,`)
  return asked
}
