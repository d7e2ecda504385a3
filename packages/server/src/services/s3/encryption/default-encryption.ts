import type { DefaultEncryption } from '#services/s3/buckets/bucket.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Input } from '#services/s3/types.ts'

/** @throws S3Error MalformedXML, InvalidArgument, NotImplemented */
export function defaultEncryption(
  asked: S3Input<'PutBucketEncryption'>['ServerSideEncryptionConfiguration'],
): DefaultEncryption {
  const [rule, ...more] = asked.Rules
  if (rule === undefined || more.length > 0) throw s3Errors.malformedXml()
  if ((rule.BlockedEncryptionTypes?.EncryptionType ?? []).some((type) => type !== 'NONE'))
    throw s3Errors.notBuilt('Blocking a type of encryption')
  const { SSEAlgorithm: algorithm = 'AES256', KMSMasterKeyID: keyId } = rule.ApplyServerSideEncryptionByDefault ?? {}
  const bucketKey = rule.BucketKeyEnabled === true ? { bucketKey: true } : {}
  if (algorithm === 'AES256') {
    if (keyId !== undefined) {
      throw s3Errors.invalidArgument(
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
        'ApplyServerSideEncryptionByDefault',
        algorithm,
      )
    }
    return { algorithm, ...bucketKey }
  }
  if (algorithm !== 'aws:kms') throw s3Errors.notBuilt(`Server-side encryption with ${algorithm}`)
  return { algorithm, ...(keyId === undefined ? {} : { keyId }), ...bucketKey }
}
