import { createHash, randomBytes } from 'node:crypto'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import type { Call } from '#kernel/call.ts'
import { accountId, region } from '#kernel/ids.ts'
import { keySealer } from '#kernel/secrets.ts'
import type { Bucket as BucketRecord } from '#services/s3/buckets/bucket.ts'
import { blobEncryptionKey, dataKeys } from '#services/s3/encryption/data-keys.ts'
import { contextOf, rootOf } from '#services/iam/test-bench.ts'
import { bytesOf, refusal, textOf, useS3 } from '../../../../testkit/src/s3-bench.ts'

const { s3, Bucket } = useS3('orders')

/** A client's own key, as it is sent. */
const own = (byte: number) => {
  const key = Buffer.alloc(32, byte)
  return {
    SSECustomerAlgorithm: 'AES256',
    SSECustomerKey: key.toString('base64'),
    SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
  }
}

describe('keys of the client', () => {
  test('who has the key reads, and nobody else', async () => {
    const put = await s3().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'secret', ...own(1) }))
    expect(put).toMatchObject({ SSECustomerAlgorithm: 'AES256', SSECustomerKeyMD5: own(1).SSECustomerKeyMD5 })
    expect(put.ServerSideEncryption).toBeUndefined()
    const read = (more: object = {}) => s3().send(new GetObjectCommand({ Bucket, Key: 'k', ...more }))
    expect(await textOf(await read(own(1)))).toBe('secret')
    expect(await refusal(read())).toBe('InvalidRequest 400')
    expect(await refusal(read(own(2)))).toBe('AccessDenied 403')
    expect(await refusal(s3().send(new HeadObjectCommand({ Bucket, Key: 'k' })))).toMatch(/ 400$/)
  })

  test('an object of the platform’s key takes none', async () => {
    await s3().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
    expect(await refusal(s3().send(new GetObjectCommand({ Bucket, Key: 'k', ...own(1) })))).toBe('InvalidRequest 400')
  })

  test('a copy can change the key', async () => {
    await s3().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'secret', ...own(1) }))
    const from = Object.fromEntries(Object.entries(own(1)).map(([name, value]) => [`CopySource${name}`, value]))
    await s3().send(new CopyObjectCommand({ Bucket, Key: 'k', CopySource: `${Bucket}/k`, ...from, ...own(2) }))
    expect(await textOf(await s3().send(new GetObjectCommand({ Bucket, Key: 'k', ...own(2) })))).toBe('secret')
  })

  test('all parts of an upload take the same one', async () => {
    const { UploadId } = await s3().send(new CreateMultipartUploadCommand({ Bucket, Key: 'k', ...own(1) }))
    const part = (more: object) =>
      s3().send(new UploadPartCommand({ Bucket, Key: 'k', UploadId, PartNumber: 1, Body: 'part', ...more }))
    expect(await refusal(part({}))).toBe('InvalidRequest 400')
    expect(await refusal(part(own(2)))).toBe('AccessDenied 403')
    const { ETag } = await part(own(1))
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
    await s3().send(new CompleteMultipartUploadCommand({ Bucket, Key: 'k', UploadId, MultipartUpload, ...own(1) }))
    expect(await textOf(await s3().send(new GetObjectCommand({ Bucket, Key: 'k', ...own(1) })))).toBe('part')
  })

  test.each([
    ['another algorithm', { ...own(1), SSECustomerAlgorithm: 'AES128' }, 'InvalidEncryptionAlgorithmError 400'],
    ['a short key', { ...own(1), SSECustomerKey: Buffer.alloc(16).toString('base64') }, 'InvalidArgument 400'],
    ['an algorithm beside it', { ...own(1), ServerSideEncryption: 'AES256' as const }, 'InvalidArgument 400'],
  ])('%s is refused', async (_, input, expected) => {
    expect(await refusal(s3().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ...input })))).toBe(expected)
  })
})

describe('KMS', () => {
  test('without it the call says so, and nothing is stored', async () => {
    const put = (more: object) => s3().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ...more }))
    expect(await refusal(put({ ServerSideEncryption: 'aws:kms' }))).toBe('NotImplemented 501')
    expect(await refusal(put({ SSEKMSKeyId: 'x' }))).toBe('InvalidArgument 400')
    expect(await refusal(put({ ServerSideEncryption: 'aws:kms:dsse' }))).toBe('NotImplemented 501')
    await s3().send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
        },
      }),
    )
    expect(await refusal(put({}))).toBe('NotImplemented 501')
    await put({ ServerSideEncryption: 'AES256' })
    expect(await bytesOf(await s3().send(new GetObjectCommand({ Bucket, Key: 'k' })))).toEqual(Buffer.from('x'))
  })

  const bucket: BucketRecord = {
    name: 'orders',
    id: 'b',
    owner: accountId('111122223333'),
    region: region('eu-west-1'),
    created: 0,
    encryption: { algorithm: 'AES256' },
  }
  const place = { bucket, key: 'a/b' }

  test.each([
    [{}, { 'aws:s3:arn': 'arn:aws:s3:::orders/a/b' }],
    [{ bucketKey: true }, { 'aws:s3:arn': 'arn:aws:s3:::orders' }],
    [{ context: { team: 'red' } }, { 'aws:s3:arn': 'arn:aws:s3:::orders/a/b', team: 'red' }],
  ])('with %j the key is asked for on behalf of the caller, for this object', async (more, context) => {
    const asked: unknown[] = []
    const call = ((
      as: { kind: string; via: string; ctx: { region: string } },
      service: string,
      operation: string,
      input: object,
    ) => {
      asked.push([as.kind, as.via, as.ctx.region, service, operation, input])
      return Promise.resolve({
        Plaintext: Buffer.alloc(32, 5),
        CiphertextBlob: Buffer.from('sealed'),
        KeyId: 'arn:key',
      })
    }) as unknown as Call
    const ctx = { ...contextOf(rootOf(bucket.owner)), call }
    const keys = dataKeys(keySealer(randomBytes(32)))
    const made = await keys.make({ kind: 'aws:kms', keyId: 'alias/x', ...more }, place, ctx)
    expect(made.encryption).toMatchObject({
      kind: 'aws:kms',
      keyId: 'arn:key',
      sealed: Buffer.from('sealed').toString('base64'),
    })
    expect(await keys.open(made.encryption, undefined, place, ctx)).toEqual(Buffer.alloc(32, 5))
    const as = ['caller', 's3.amazonaws.com', 'eu-west-1', 'kms']
    expect(asked).toEqual([
      [...as, 'GenerateDataKey', { KeyId: 'alias/x', KeySpec: 'AES_256', EncryptionContext: context }],
      [...as, 'Decrypt', { CiphertextBlob: Buffer.from('sealed'), EncryptionContext: context, KeyId: 'arn:key' }],
    ])
  })
})

test('a data key is for one object, and each blob has a key of its own', async () => {
  const keys = dataKeys(keySealer(randomBytes(32)))
  const bucket = { id: 'b', name: 'orders' } as BucketRecord
  const ctx = contextOf(rootOf(accountId('111122223333')))
  const made = await keys.make({ kind: 'AES256' }, { bucket, key: 'one' }, ctx)
  expect(await keys.open(made.encryption, undefined, { bucket, key: 'one' }, ctx)).toEqual(made.dataKey)
  await expect(keys.open(made.encryption, undefined, { bucket, key: 'two' }, ctx)).rejects.toThrow('authenticate')
  expect(JSON.stringify(made.encryption)).not.toContain(Buffer.from(made.dataKey).toString('base64'))
  expect(blobEncryptionKey(made.dataKey, 'x')).not.toEqual(blobEncryptionKey(made.dataKey, 'y'))
})
