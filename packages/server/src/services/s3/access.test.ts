import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import type { CallAs } from '#kernel/call.ts'
import { refusal, textOf, useS3 } from '../../../../testkit/src/s3-bench.ts'

const { bench, s3, Bucket } = useS3('orders')
const ARN = `arn:aws:s3:::${Bucket}`

const statement = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
})
const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })

/** A user with these statements, and its client. */
async function user(name: string, ...statements: readonly object[]): Promise<S3Client> {
  const { key } = await bench().gateway.user(name, statements.length === 0 ? undefined : document(...statements))
  return bench().clientOf(key)
}
const policy = (...statements: readonly object[]) =>
  s3().send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(document(...statements)) }))
const open = () => s3().send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: {} }))
const get = (client: S3Client, Key = 'k') => client.send(new GetObjectCommand({ Bucket, Key }))
const put = (client: S3Client, Key = 'k', more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...more }))
const message = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'nothing was refused',
    (error: Error) => error.message,
  )

beforeEach(async () => {
  await put(s3(), 'k', { Tagging: 'team=red' })
})

describe('users of the account', () => {
  test('may what their policies say, and are told what they may not', async () => {
    const reader = await user('reader', statement('s3:GetObject', `${ARN}/*`))
    expect(await textOf(await get(reader))).toBe('x')
    expect(await message(put(reader))).toBe(
      `User: arn:aws:iam::111122223333:user/reader is not authorized to perform: s3:PutObject on resource: "${ARN}/k" because no identity-based policy allows the s3:PutObject action`,
    )
    expect(await refusal(reader.send(new ListObjectsV2Command({ Bucket })))).toBe('AccessDenied 403')
    expect(await refusal(reader.send(new ListBucketsCommand({})))).toBe('AccessDenied 403')
    expect(await refusal(reader.send(new GetBucketLocationCommand({ Bucket })))).toBe('AccessDenied 403')
  })

  test('who may not list is not told whether an object is there', async () => {
    const reader = await user('reader', statement('s3:GetObject', `${ARN}/*`))
    expect(await message(get(reader, 'none'))).toContain('s3:ListBucket')
    expect(await refusal(reader.send(new HeadObjectCommand({ Bucket, Key: 'none' })))).toMatch(/ 403$/)
    const lister = await user('lister', statement('s3:GetObject', `${ARN}/*`), statement('s3:ListBucket', ARN))
    expect(await refusal(get(lister, 'none'))).toBe('NoSuchKey 404')
  })

  test('a bucket that is not there is told to everybody', async () => {
    const nobody = await user('nobody')
    expect(await refusal(nobody.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'k' })))).toBe('NoSuchBucket 404')
  })

  test('lists may be limited to a prefix', async () => {
    const limited = await user(
      'limited',
      statement('s3:ListBucket', ARN, {
        Condition: { StringLike: { 's3:prefix': 'home/*' }, NumericLessThanEquals: { 's3:max-keys': '10' } },
      }),
    )
    const list = (Prefix?: string, MaxKeys?: number) =>
      refusal(limited.send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys })))
    expect(await list('home/', 5)).toBe('nothing was refused')
    expect(await list('home/', 50)).toBe('AccessDenied 403')
    expect(await list('other/', 5)).toBe('AccessDenied 403')
    expect(await list(undefined, 5)).toBe('AccessDenied 403')
  })

  test('writes may be held to an ACL, an encryption, a class', async () => {
    const writer = await user(
      'writer',
      statement('s3:PutObject', `${ARN}/*`, {
        Condition: {
          StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 's3:x-amz-server-side-encryption': 'AES256' },
        },
      }),
    )
    expect(await refusal(put(writer))).toBe('AccessDenied 403')
    const right = { ACL: 'bucket-owner-full-control', ServerSideEncryption: 'AES256' }
    expect(await refusal(put(writer, 'k', right))).toBe('nothing was refused')
    expect(await refusal(put(writer, 'k', { ...right, ServerSideEncryption: 'aws:kms' }))).toBe('AccessDenied 403')
  })

  test('what is said beside the bytes takes its own permission', async () => {
    const writer = await user('writer', statement('s3:PutObject', `${ARN}/*`))
    expect(await message(put(writer, 'k', { Tagging: 'a=1' }))).toContain('s3:PutObjectTagging')
    expect(await message(put(writer, 'k', { ACL: 'public-read' }))).toContain('s3:PutObjectAcl')
    expect(await message(put(writer, 'k', { ObjectLockLegalHoldStatus: 'ON' }))).toContain('s3:PutObjectLegalHold')
  })

  test('tags that an object has, and those that a request brings, count', async () => {
    const red = await user(
      'red',
      statement(['s3:GetObject', 's3:GetObjectTagging'], `${ARN}/*`, {
        Condition: { StringEquals: { 's3:ExistingObjectTag/team': 'red' } },
      }),
      statement(['s3:PutObject', 's3:PutObjectTagging'], `${ARN}/*`, {
        Condition: { StringEquals: { 's3:RequestObjectTag/team': 'red' } },
      }),
    )
    expect(await textOf(await get(red))).toBe('x')
    expect(await refusal(red.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' })))).toBe('nothing was refused')
    expect(await refusal(put(red, 'k', { Tagging: 'team=blue' }))).toBe('AccessDenied 403')
    expect(await refusal(put(red, 'k', { Tagging: 'team=red' }))).toBe('nothing was refused')
    await put(s3(), 'k', { Tagging: 'team=blue' })
    expect(await refusal(get(red))).toBe('AccessDenied 403')
  })

  test('a copy reads one object and writes the other', async () => {
    const copy = (client: S3Client) =>
      client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/k` }))
    const writer = await user('writer', statement('s3:PutObject', `${ARN}/*`))
    expect(await message(copy(writer))).toContain('s3:GetObject')
    const reader = await user('reader', statement('s3:GetObject', `${ARN}/*`))
    expect(await message(copy(reader))).toContain('s3:PutObject')
    const both = await user('both', statement(['s3:GetObject', 's3:PutObject'], `${ARN}/*`))
    expect(await refusal(copy(both))).toBe('nothing was refused')
  })

  test('of many deletions each is decided by itself', async () => {
    await put(s3(), 'tmp/a')
    await put(s3(), 'tmp/b')
    const tidy = await user('tidy', statement('s3:DeleteObject', `${ARN}/tmp/*`))
    const { Deleted, Errors } = await tidy.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'tmp/a' }, { Key: 'k' }, { Key: 'tmp/b' }] } }),
    )
    expect(Deleted?.map(({ Key }) => Key)).toEqual(['tmp/a', 'tmp/b'])
    expect(Errors).toMatchObject([{ Key: 'k', Code: 'AccessDenied' }])
    expect(await textOf(await get(s3()))).toBe('x')
  })

  test('keys about the signature are there', async () => {
    const signed = await user(
      'signed',
      statement('s3:GetObject', `${ARN}/*`, {
        Condition: {
          StringEquals: { 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256' },
          NumericLessThan: { 's3:signatureAge': '600000' },
        },
      }),
    )
    expect(await textOf(await get(signed))).toBe('x')
  })
})

describe('bucket policies', () => {
  test('let users in, and keep the owner’s own out', async () => {
    const nobody = await user('nobody')
    await policy(statement('s3:GetObject', `${ARN}/*`, { Principal: { AWS: 'arn:aws:iam::111122223333:user/nobody' } }))
    expect(await textOf(await get(nobody))).toBe('x')
    await policy({ Effect: 'Deny', Action: 's3:GetObject', Resource: `${ARN}/*`, Principal: '*' })
    expect(await refusal(get(s3()))).toBe('AccessDenied 403')
    expect(await refusal(s3().send(new GetBucketPolicyCommand({ Bucket })))).toBe('nothing was refused')
  })

  test('another account needs both sides, and is told nothing more', async () => {
    const stranger = bench().clientOf({ accessKeyId: '444455556666', secret: 'test' })
    expect(await message(get(stranger))).toBe('Access Denied')
    await policy(statement('s3:GetObject', `${ARN}/*`, { Principal: { AWS: '444455556666' } }))
    expect(await textOf(await get(stranger))).toBe('x')
    expect(await message(put(stranger))).toBe('Access Denied')
  })

  test('who expects another owner is refused', async () => {
    const of = { Bucket, ExpectedBucketOwner: '444455556666' }
    expect(await refusal(s3().send(new GetBucketLocationCommand(of)))).toBe('AccessDenied 403')
    expect(
      await refusal(s3().send(new GetBucketLocationCommand({ Bucket, ExpectedBucketOwner: '111122223333' }))),
    ).toBe('nothing was refused')
  })

  test('hold for the next request', async () => {
    const nobody = await user('nobody')
    expect(await refusal(get(nobody))).toBe('AccessDenied 403')
    await policy(statement('s3:*', [ARN, `${ARN}/*`], { Principal: { AWS: '111122223333' } }))
    // Naming the account leaves it to the account's own policies.
    expect(await refusal(get(nobody))).toBe('AccessDenied 403')
  })
})

describe('services', () => {
  const as = (changes: Partial<Extract<CallAs, { kind: 'service' }>> = {}): CallAs => ({
    kind: 'service',
    service: 'cloudtrail.amazonaws.com',
    sourceArn: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/t',
    sourceAccount: accountId('111122223333'),
    region: region('eu-west-1'),
    ...changes,
  })
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from('log'))
  }
  const write = (who: CallAs) =>
    bench().gateway.gateway.call(who, 's3', 'PutObject', {
      Bucket,
      Key: 'AWSLogs/111122223333/x',
      ACL: 'bucket-owner-full-control',
      Body: bytes(),
    })
  const denied = (call: Promise<unknown>) =>
    call.then(
      () => 'no',
      (error: { code: string }) => error.code,
    )

  test('write where the policy lets them, for the resource that it names, across regions', async () => {
    expect(await denied(write(as()))).toBe('AccessDenied')
    await policy(
      statement('s3:PutObject', `${ARN}/AWSLogs/111122223333/*`, {
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Condition: {
          StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': '111122223333' },
          ArnEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/t' },
        },
      }),
    )
    expect(await write(as())).toMatchObject({ ETag: expect.any(String) as unknown })
    expect(await denied(write(as({ sourceArn: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/other' })))).toBe(
      'AccessDenied',
    )
    expect(await denied(write(as({ service: 'config.amazonaws.com' })))).toBe('AccessDenied')
    expect(await textOf(await get(s3(), 'AWSLogs/111122223333/x'))).toBe('log')
  })
})

describe('callers without a signature', () => {
  const fetched = async (path: string, init: RequestInit = {}): Promise<string> => {
    const answer = await fetch(`${bench().url}/${path}`, init)
    return `${String(answer.status)} ${await answer.text()}`
  }
  const everybody = (Action: string) => statement(Action, [ARN, `${ARN}/*`], { Principal: '*' })

  test('are let in by a public policy only, to what it says', async () => {
    expect(await fetched(`${Bucket}/k`)).toMatch(/^403 .*<Code>AccessDenied<.*<Message>Access Denied</s)
    await open()
    await policy(everybody('s3:GetObject'))
    expect(await fetched(`${Bucket}/k`)).toBe('200 x')
    expect(await fetched(Bucket)).toMatch(/^403/)
    expect(await fetched(`${Bucket}/k`, { method: 'PUT', body: 'y' })).toMatch(/^403/)
    expect(await fetched(`${Bucket}/k`, { method: 'DELETE' })).toMatch(/^403/)
    expect(await textOf(await get(s3()))).toBe('x')
  })

  test('may write where everybody may', async () => {
    await open()
    await policy(everybody('s3:PutObject'))
    expect(await fetched(`${Bucket}/new`, { method: 'PUT', body: 'from nobody' })).toMatch(/^200/)
    expect(await textOf(await get(s3(), 'new'))).toBe('from nobody')
  })

  test('are kept out of a public bucket that Block Public Access restricts', async () => {
    await open()
    await policy(everybody('s3:GetObject'))
    await s3().send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { RestrictPublicBuckets: true } }),
    )
    expect(await fetched(`${Bucket}/k`)).toMatch(/^403/)
    const stranger = bench().clientOf({ accessKeyId: '444455556666', secret: 'test' })
    expect(await refusal(get(stranger))).toBe('AccessDenied 403')
    expect(await textOf(await get(s3()))).toBe('x')
  })

  test('are nobody: a policy for the account does not mean them', async () => {
    await open()
    await policy(statement('s3:GetObject', `${ARN}/*`, { Principal: { AWS: '111122223333' } }))
    expect(await fetched(`${Bucket}/k`)).toMatch(/^403/)
    const zeros = bench().clientOf({ accessKeyId: '000000000000', secret: 'test' })
    await zeros.send(new CreateBucketCommand({ Bucket: 'zeros' }))
    await zeros.send(new PutObjectCommand({ Bucket: 'zeros', Key: 'k', Body: 'x' }))
    expect(await fetched('zeros/k')).toMatch(/^403/)
    expect(await fetched('nowhere/k')).toMatch(/^404 .*NoSuchBucket/s)
  })

  test('reach objects only: nothing that manages a bucket, and no other service', async () => {
    await open()
    await policy(everybody('s3:*'))
    expect(await fetched(`${Bucket}?policy`)).toMatch(/^403/)
    expect(await fetched(`${Bucket}?policy`, { method: 'DELETE' })).toMatch(/^403/)
    expect(await fetched(Bucket, { method: 'DELETE' })).toMatch(/^403/)
    expect(await fetched('')).toMatch(/^403/)
    expect(await fetched('v1/brokers')).toMatch(/^403/)
    expect(await fetched(Bucket)).toMatch(/^200 .*<Key>k</s)
  })

  test('who signs wrongly is not taken for nobody', async () => {
    await open()
    await policy(everybody('s3:GetObject'))
    const wrong = bench().clientOf({ accessKeyId: '111122223333', secret: 'wrong' })
    expect(await refusal(get(wrong))).toBe('SignatureDoesNotMatch 403')
    expect(await fetched(`${Bucket}/k?AWSAccessKeyId=x&Signature=y&Expires=9999999999`)).toMatch(/^403/)
    expect(await fetched(`${Bucket}/k?response-content-type=a/b`)).toMatch(/^400/)
  })
})
