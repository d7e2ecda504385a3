import { expect, test } from 'vitest'
import { readSignature } from '../sigv4/claim.ts'
import type { SignatureClaim } from '../sigv4/signature-claim.ts'
import { declaredPayload } from './declared.ts'
import { TARGET, faultOf, presignedUrl, signedHead } from './testing/s3-request.ts'

const HASH = 'E3B0C44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const put = { method: 'PUT', rawUrl: '/k', headers: {} }
const headerClaim = readSignature(signedHead(put, HASH), TARGET)
const queryClaim = readSignature(presignedUrl('PUT', '/k'), TARGET)
const v2 = {
  method: 'PUT',
  rawUrl: '/k',
  headers: { authorization: 'AWS a:b', date: 'Tue, 27 Mar 2007 19:36:42 +0000' },
}
const v2Claim = readSignature(v2, TARGET)

const declared = (
  value: string | undefined,
  claim: SignatureClaim | undefined,
  headers: Readonly<Record<string, string>> = {},
): unknown => declaredPayload({ ...put, headers: { ...headers, 'x-amz-content-sha256': value } }, claim, TARGET)

const claims = [
  { by: 'a header', claim: headerClaim },
  { by: 'a URL', claim: queryClaim },
  { by: 'version 2', claim: v2Claim },
  { by: 'nobody', claim: undefined },
]

test.each(claims)('S3, signed by $by: what is sent is what is signed', ({ claim }) => {
  expect(declared(HASH, claim)).toEqual({ kind: 'hashed', line: HASH, sha256: HASH.toLowerCase() })
  expect(declared('UNSIGNED-PAYLOAD', claim)).toEqual({ kind: 'unsigned', line: 'UNSIGNED-PAYLOAD' })
  const trailing = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
  expect(declared(trailing, claim)).toEqual({ kind: 'chunked', line: trailing, signed: false, trailers: true })
})

test.each([
  { value: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', trailers: false },
  { value: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', trailers: true },
])('S3: $value builds on a signature of version 4', async ({ value, trailers }) => {
  expect(declared(value, headerClaim)).toEqual({ kind: 'chunked', line: value, signed: true, trailers })
  for (const claim of [undefined, v2Claim])
    expect(await faultOf(() => declared(value, claim))).toMatchObject({
      code: 'InvalidRequest',
      status: 400,
      message:
        "Anonymous requests don't support this x-amz-content-sha256 value. Please use UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER.",
    })
})

test('S3: what is signed in a header must say what its body is; nothing else must', async () => {
  expect(await faultOf(() => declared(undefined, headerClaim))).toMatchObject({
    code: 'InvalidRequest',
    status: 400,
    message: 'Missing required header for this request: x-amz-content-sha256',
  })
  for (const claim of [queryClaim, v2Claim, undefined])
    expect(declared(undefined, claim)).toEqual({ kind: 'unsigned', line: 'UNSIGNED-PAYLOAD' })
})

test('S3: a presigned URL may say what its body is', () => {
  const says = (value: string): unknown => {
    const head = presignedUrl('PUT', '/k', { 'X-Amz-Content-Sha256': value })
    return declaredPayload(head, readSignature(head, TARGET), TARGET)
  }
  expect(says(HASH)).toMatchObject({ kind: 'hashed', line: HASH })
  expect(says('UNSIGNED-PAYLOAD')).toMatchObject({ kind: 'unsigned' })
})

test.each(['', 'junk', HASH.slice(1), `${HASH}0`, 'unsigned-payload', 'STREAMING-UNSIGNED-PAYLOAD', 'constructor'])(
  'S3: "%s" is nothing a body could be',
  async (value) => {
    expect(await faultOf(() => declared(value, headerClaim))).toEqual({
      code: 'InvalidArgument',
      status: 400,
      message:
        'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
      members: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: value },
    })
  },
)

test.each(['STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD', 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER'])(
  'S3: %s is not built, and the refusal says what to do',
  async (value) => {
    expect(await faultOf(() => declared(value, headerClaim))).toMatchObject({
      code: 'NotImplemented',
      status: 501,
      message: `A header you provided implies functionality that is not implemented: x-amz-content-sha256 ${value} asks for Signature Version 4A; sign with AWS4-HMAC-SHA256 instead.`,
    })
  },
)

test.each(['aws-chunked', 'AWS-Chunked', 'gzip, aws-chunked'])(
  'S3: a body that says it is "%s" must say how it is signed',
  async (encoding) => {
    const headers = { 'content-encoding': encoding }
    for (const value of ['UNSIGNED-PAYLOAD', undefined])
      expect(await faultOf(() => declared(value, queryClaim, headers))).toEqual({
        code: 'InvalidArgument',
        status: 400,
        message: 'aws-chunked encoding is not supported when x-amz-content-sha256 UNSIGNED-PAYLOAD is supplied.',
        members: { ArgumentName: 'Content-Encoding', ArgumentValue: encoding },
      })
    expect(declared('UNSIGNED-PAYLOAD', queryClaim, { 'content-encoding': 'gzip' })).toMatchObject({ kind: 'unsigned' })
  },
)

test('others want the real hash, declared or not', async () => {
  const mq = { protocol: 'rest-json-1', service: 'mq' } as const
  const claim = { ...headerClaim, signingName: 'mq' } as SignatureClaim
  const of = (value: string | undefined, by: SignatureClaim | undefined): unknown =>
    declaredPayload({ ...put, headers: { 'x-amz-content-sha256': value } }, by, mq)
  expect(of(undefined, claim)).toEqual({ kind: 'body' })
  expect(of(HASH, claim)).toEqual({ kind: 'hashed', line: HASH, sha256: HASH.toLowerCase() })
  for (const value of ['UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'junk'])
    expect(await faultOf(() => of(value, claim))).toMatchObject({ code: 'InvalidSignatureException', status: 403 })
  expect(of(undefined, undefined)).toEqual({ kind: 'unsigned', line: 'UNSIGNED-PAYLOAD' })
  expect(of('UNSIGNED-PAYLOAD', undefined)).toEqual({ kind: 'unsigned', line: 'UNSIGNED-PAYLOAD' })
  expect(of(HASH, undefined)).toMatchObject({ kind: 'hashed' })
  expect(await faultOf(() => of('junk', undefined))).toMatchObject({ code: 'InvalidSignatureException' })
})
