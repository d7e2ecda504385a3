import { expect, test } from 'vitest'
import { declaredPayload } from '../payload/declared.ts'
import { ACCESS_KEY_ID, EXAMPLE_TIME, SECRET, TARGET } from '../payload/testing/s3-request.ts'
import type { RequestHead } from '../request.ts'
import { readSignature } from './claim.ts'
import { verifyHead, verifySignature } from './verify.ts'

/** The examples of the S3 API reference for Signature Version 4. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const HOST = { host: 'examplebucket.s3.amazonaws.com' }
const SIGNED = { ...HOST, 'x-amz-content-sha256': EMPTY, 'x-amz-date': '20130524T000000Z' }

function signed(
  method: string,
  rawUrl: string,
  headers: Readonly<Record<string, string>>,
  signature: string,
  unsigned: Readonly<Record<string, string>> = {},
): RequestHead {
  const names = Object.keys(headers).sort().join(';')
  const authorization = `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY_ID}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${names},Signature=${signature}`
  return { method, rawUrl, headers: { ...headers, ...unsigned, authorization } }
}

const vectors: readonly { readonly name: string; readonly head: RequestHead; readonly body?: string }[] = [
  {
    name: 'GET Object',
    head: signed(
      'GET',
      '/test.txt',
      { ...SIGNED, range: 'bytes=0-9' },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ),
  },
  {
    name: 'PUT Object, whose key is sent less encoded than it is signed',
    head: signed(
      'PUT',
      '/test$file.text',
      {
        ...SIGNED,
        date: 'Fri, 24 May 2013 00:00:00 GMT',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      },
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ),
    body: 'Welcome to Amazon S3.',
  },
  {
    name: 'GET Bucket lifecycle',
    head: signed('GET', '/?lifecycle', SIGNED, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'),
  },
  {
    name: 'GET Bucket',
    head: signed(
      'GET',
      '/?max-keys=2&prefix=J',
      SIGNED,
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ),
  },
  {
    name: 'presigned GET Object',
    head: {
      method: 'GET',
      rawUrl: `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${ACCESS_KEY_ID}%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
      headers: HOST,
    },
  },
  {
    name: 'PUT Object in chunks, its head',
    head: signed(
      'PUT',
      '/examplebucket/chunkObject.txt',
      {
        ...SIGNED,
        host: 's3.amazonaws.com',
        'content-encoding': 'aws-chunked',
        'content-length': '66824',
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        'x-amz-decoded-content-length': '66560',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      },
      '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    ),
  },
]

function headNamed(name: string): RequestHead {
  const vector = vectors.find((one) => one.name === name)
  if (vector === undefined) throw new Error(`there is no example called ${name}`)
  return vector.head
}

test.each(vectors)('$name verifies by its head', ({ head }) => {
  const claim = readSignature(head, TARGET)
  const check = { claim, head, target: TARGET, secret: SECRET, nowMillis: EXAMPLE_TIME }
  expect(() => verifyHead(check, declaredPayload(head, claim, TARGET))).not.toThrow()
})

test.each(vectors)('$name does not verify with another secret', ({ head }) => {
  const claim = readSignature(head, TARGET)
  const check = { claim, head, target: TARGET, secret: `${SECRET}x`, nowMillis: EXAMPLE_TIME }
  expect(() => verifyHead(check, declaredPayload(head, claim, TARGET))).toThrow(
    expect.objectContaining({ code: 'SignatureDoesNotMatch', status: 403 }),
  )
})

test.each(vectors.slice(0, 5))('$name verifies together with its whole body', ({ head, body = '' }) => {
  const claim = readSignature(head, TARGET)
  expect(() => verifySignature(claim, head, Buffer.from(body), SECRET, EXAMPLE_TIME, TARGET)).not.toThrow()
})

test('a whole body that is not the signed one is refused in the words of S3', () => {
  const head = headNamed('PUT Object, whose key is sent less encoded than it is signed')
  const claim = readSignature(head, TARGET)
  expect(() => verifySignature(claim, head, Buffer.from('Welcome.'), SECRET, EXAMPLE_TIME, TARGET)).toThrow(
    expect.objectContaining({
      code: 'XAmzContentSHA256Mismatch',
      status: 400,
      message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
      members: {
        ClientComputedContentSHA256: '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
        S3ComputedContentSHA256: '3fc2118d352cbb01db0d8b015d9df5926e416c4b75379601277187da80329c6b',
      },
    }),
  )
})

test('a body in chunks cannot be verified as a whole', () => {
  const head = headNamed('PUT Object in chunks, its head')
  const claim = readSignature(head, TARGET)
  expect(() => verifySignature(claim, head, Buffer.from(''), SECRET, EXAMPLE_TIME, TARGET)).toThrow(
    expect.objectContaining({
      code: 'InvalidRequest',
      message: 'The value of x-amz-content-sha256 header is invalid.',
    }),
  )
})

test('a signature over the hash of the body cannot be verified without it', () => {
  const head = headNamed('GET Object')
  const claim = readSignature(head, TARGET)
  const check = { claim, head, target: TARGET, secret: SECRET, nowMillis: EXAMPLE_TIME }
  expect(() => verifyHead(check, { kind: 'body' })).toThrow('verify it together with the body')
})
