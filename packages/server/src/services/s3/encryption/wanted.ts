import { createHash } from 'node:crypto'
import type { Bucket } from '#services/s3/buckets/bucket.ts'
import type { CustomerKey, WantedEncryption } from '#services/s3/encryption/encryption.ts'
import { s3Errors } from '#services/s3/errors.ts'

export interface CustomerKeyInput {
  readonly SSECustomerAlgorithm?: string | undefined
  readonly SSECustomerKey?: string | undefined
  readonly SSECustomerKeyMD5?: string | undefined
}

export interface EncryptionInput extends CustomerKeyInput {
  readonly ServerSideEncryption?: string | undefined
  readonly SSEKMSKeyId?: string | undefined
  readonly SSEKMSEncryptionContext?: string | undefined
  readonly BucketKeyEnabled?: boolean | undefined
}

const KEY_BYTES = 32

/**
 * The client's own key, when it sends one.
 * @throws S3Error InvalidArgument for a part of it only, another algorithm, or a key that is none
 */
export function customerKey(input: CustomerKeyInput): CustomerKey | undefined {
  const { SSECustomerAlgorithm: algorithm, SSECustomerKey: text, SSECustomerKeyMD5: md5 } = input
  if (algorithm === undefined && text === undefined && md5 === undefined) return undefined
  if (algorithm === undefined) {
    throw s3Errors.invalidArgument(
      'Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.',
      'x-amz-server-side-encryption',
      'null',
    )
  }
  if (algorithm !== 'AES256') {
    throw s3Errors.bad(
      'InvalidEncryptionAlgorithmError',
      'The encryption request that you specified is not valid. The valid value is AES256.',
      {
        ArgumentName: 'x-amz-server-side-encryption-customer-algorithm',
        ArgumentValue: algorithm,
      },
    )
  }
  if (text === undefined) {
    throw s3Errors.invalidArgument(
      'Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.',
      'x-amz-server-side-encryption-customer-key',
      'null',
    )
  }
  const key = Buffer.from(text, 'base64')
  if (key.length !== KEY_BYTES || key.toString('base64') !== text) {
    throw s3Errors.invalidArgument(
      'The secret key was invalid for the specified algorithm.',
      'x-amz-server-side-encryption-customer-key',
      '***',
    )
  }
  if (md5 !== createHash('md5').update(key).digest('base64')) {
    throw s3Errors.invalidArgument(
      'The calculated MD5 hash of the key did not match the hash that was provided.',
      'x-amz-server-side-encryption-customer-key-MD5',
      md5 ?? 'null',
    )
  }
  return { key, md5 }
}

/** How to encrypt: as the request says, else as the bucket does by default. @throws S3Error for what contradicts itself */
export function wantedEncryption(input: EncryptionInput, bucket: Bucket): WantedEncryption {
  const customer = customerKey(input)
  const { ServerSideEncryption: algorithm, SSEKMSKeyId: keyId } = input
  if (customer !== undefined) {
    if (algorithm !== undefined) {
      throw s3Errors.invalidArgument(
        'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
        'x-amz-server-side-encryption',
        algorithm,
      )
    }
    return { kind: 'customer', ...customer }
  }
  switch (algorithm) {
    case undefined:
      if (keyId !== undefined) throw keyWithoutKms(keyId)
      return byDefault(bucket, input)
    case 'AES256':
      if (keyId !== undefined) throw keyWithoutKms(keyId)
      return { kind: 'AES256' }
    case 'aws:kms':
      return {
        kind: 'aws:kms',
        ...(keyId === undefined ? defaultKey(bucket) : { keyId }),
        ...contextOf(input.SSEKMSEncryptionContext),
        ...bucketKeyOf(input.BucketKeyEnabled ?? bucket.encryption.bucketKey),
      }
    default:
      throw s3Errors.notBuilt(`Server-side encryption with ${algorithm}`)
  }
}

function byDefault(bucket: Bucket, input: EncryptionInput): WantedEncryption {
  const { algorithm, bucketKey } = bucket.encryption
  if (algorithm === 'AES256') return { kind: 'AES256' }
  return {
    kind: 'aws:kms',
    ...defaultKey(bucket),
    ...contextOf(input.SSEKMSEncryptionContext),
    ...bucketKeyOf(input.BucketKeyEnabled ?? bucketKey),
  }
}

const defaultKey = ({ encryption: { algorithm, keyId } }: Bucket): { readonly keyId?: string } =>
  algorithm === 'aws:kms' && keyId !== undefined ? { keyId } : {}

const bucketKeyOf = (enabled: boolean | undefined): { readonly bucketKey?: boolean } =>
  enabled === true ? { bucketKey: true } : {}

const keyWithoutKms = (value: string): Error =>
  s3Errors.invalidArgument(
    'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
    'x-amz-server-side-encryption',
    value,
  )

/** Base64 of a JSON object of texts. */
function contextOf(header: string | undefined): { readonly context?: Readonly<Record<string, string>> } {
  if (header === undefined) return {}
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(header, 'base64').toString())
  } catch {
    parsed = undefined
  }
  const isMap =
    typeof parsed === 'object' &&
    parsed !== null &&
    !Array.isArray(parsed) &&
    Object.values(parsed).every((value) => typeof value === 'string')
  if (!isMap) {
    throw s3Errors.invalidArgument(
      'The header x-amz-server-side-encryption-context shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map',
      'x-amz-server-side-encryption-context',
      header,
    )
  }
  return { context: parsed as Readonly<Record<string, string>> }
}
