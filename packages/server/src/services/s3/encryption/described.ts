import type { Apis } from '@sluice/wire'
import type { Encryption } from '#services/s3/encryption/encryption.ts'

interface Described {
  readonly ServerSideEncryption?: Apis['s3']['PutObject']['output']['ServerSideEncryption']
  readonly SSEKMSKeyId?: string
  readonly BucketKeyEnabled?: boolean
  readonly SSECustomerAlgorithm?: string
  readonly SSECustomerKeyMD5?: string
}

/** The members in which answers say how an object is encrypted. `md5`: of the client's own key, as it sent it. */
export function describeEncryption(encryption: Encryption, md5: string | undefined): Described {
  switch (encryption.kind) {
    case 'AES256':
      return { ServerSideEncryption: 'AES256' }
    case 'aws:kms':
      return {
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: encryption.keyId,
        ...(encryption.bucketKey === true ? { BucketKeyEnabled: true } : {}),
      }
    case 'customer':
      return { SSECustomerAlgorithm: 'AES256', ...(md5 === undefined ? {} : { SSECustomerKeyMD5: md5 }) }
    default:
      return encryption satisfies never
  }
}
