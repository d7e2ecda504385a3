import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { CallContext } from '#kernel/call.ts'
import { AwsError } from '#kernel/errors.ts'
import type { Sealer } from '#kernel/secrets.ts'
import { type Bucket, bucketArn, objectArn } from '#services/s3/buckets/bucket.ts'
import type { CustomerKey, Encryption, WantedEncryption } from '#services/s3/encryption/encryption.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { BlobId } from '#stores/objects/object-store.ts'

const KEY_BYTES = 32

/** A fresh data key and how it is stored. */
export interface MadeKey {
  readonly encryption: Encryption
  readonly dataKey: Uint8Array
}

/** Makes and finds the data keys of objects. */
export interface DataKeys {
  /** @throws AwsError what KMS says */
  make(wanted: WantedEncryption, place: KeyPlace, ctx: CallContext): Promise<MadeKey>
  /** @throws S3Error for a client's key that is missing, wrong, or not wanted; AwsError what KMS says */
  open(encryption: Encryption, given: CustomerKey | undefined, place: KeyPlace, ctx: CallContext): Promise<Uint8Array>
}

/** For which object a key is. */
export interface KeyPlace {
  readonly bucket: Bucket
  readonly key: string
}

/** The key of one blob: made of the object's data key, and never that of another blob. */
export const blobEncryptionKey = (dataKey: Uint8Array, blob: BlobId): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', dataKey, blob, 'sluice object bytes', KEY_BYTES))

export function dataKeys(sealer: Sealer): DataKeys {
  return {
    async make(wanted, place, ctx) {
      if (wanted.kind === 'customer') {
        const salt = randomBytes(16).toString('base64')
        return { encryption: { kind: 'customer', salt, check: checkOf(wanted.key, salt) }, dataKey: wanted.key }
      }
      if (wanted.kind === 'aws:kms') return makeByKms(wanted, place, ctx)
      const dataKey = randomBytes(KEY_BYTES)
      return {
        encryption: { kind: 'AES256', sealed: sealer.seal(dataKey.toString('base64'), sealedFor(place)) },
        dataKey,
      }
    },
    async open(encryption, given, place, ctx) {
      if (encryption.kind === 'customer') return customersOwn(encryption, given)
      if (given !== undefined) {
        throw s3Errors.invalidRequest('The encryption parameters are not applicable to this object.')
      }
      if (encryption.kind === 'aws:kms') return openByKms(encryption, place, ctx)
      return Buffer.from(sealer.open(encryption.sealed, sealedFor(place)), 'base64')
    },
  }
}

/** A sealed key cannot be moved to another object. */
const sealedFor = ({ bucket, key }: KeyPlace): string => `s3 object ${bucket.id}/${key}`

const checkOf = (key: Uint8Array, salt: string): string => createHmac('sha256', key).update(salt).digest('base64')

function customersOwn(
  { salt, check }: Extract<Encryption, { kind: 'customer' }>,
  given: CustomerKey | undefined,
): Uint8Array {
  if (given === undefined) {
    throw s3Errors.invalidRequest(
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
    )
  }
  if (!timingSafeEqual(Buffer.from(checkOf(given.key, salt)), Buffer.from(check))) throw s3Errors.accessDenied()
  return given.key
}

/** The context that S3 always gives: with a bucket key it names the bucket, else the object. */
const contextOf = (
  { bucket, key }: KeyPlace,
  { bucketKey, context }: { readonly bucketKey?: boolean; readonly context?: Readonly<Record<string, string>> },
): Readonly<Record<string, string>> => ({
  ...context,
  'aws:s3:arn': bucketKey === true ? bucketArn(bucket.name) : objectArn(bucket.name, key),
})

async function makeByKms(
  wanted: Extract<WantedEncryption, { kind: 'aws:kms' }>,
  place: KeyPlace,
  ctx: CallContext,
): Promise<MadeKey> {
  const { keyId = 'alias/aws/s3', bucketKey, context } = wanted
  const made = await ctx.call(inRegion(place, ctx), 'kms', 'GenerateDataKey', {
    KeyId: keyId,
    KeySpec: 'AES_256',
    EncryptionContext: contextOf(place, wanted),
  })
  const { Plaintext: dataKey, CiphertextBlob: sealed, KeyId: arn } = made
  if (dataKey === undefined || sealed === undefined || arn === undefined)
    throw new Error('KMS answered GenerateDataKey without a key')
  return {
    dataKey,
    encryption: {
      kind: 'aws:kms',
      keyId: arn,
      sealed: Buffer.from(sealed).toString('base64'),
      ...(bucketKey === true ? { bucketKey } : {}),
      ...(context === undefined ? {} : { context }),
    },
  }
}

async function openByKms(
  encryption: Extract<Encryption, { kind: 'aws:kms' }>,
  place: KeyPlace,
  ctx: CallContext,
): Promise<Uint8Array> {
  if (ctx.principal.kind === 'anonymous' || ctx.source.signature?.version === 2) {
    throw s3Errors.bad(
      'InvalidArgument',
      'Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.',
    )
  }
  const { Plaintext: dataKey } = await ctx.call(inRegion(place, ctx), 'kms', 'Decrypt', {
    CiphertextBlob: Buffer.from(encryption.sealed, 'base64'),
    EncryptionContext: contextOf(place, encryption),
    KeyId: encryption.keyId,
  })
  if (dataKey === undefined) throw new AwsError('InternalError', 500, 'KMS answered Decrypt without a key.')
  return dataKey
}

/** Keys are of the bucket's region, whatever the caller signed for. */
const inRegion = ({ bucket }: KeyPlace, ctx: CallContext) =>
  ({ kind: 'caller', ctx: { ...ctx, region: bucket.region }, via: 's3.amazonaws.com' }) as const
