import { describe, expect, test } from 'vitest'
import type { WireError } from '../fault.ts'
import {
  ACCESS_KEY_ID,
  EXAMPLE_TIME,
  SECRET,
  TARGET,
  faultOf,
  presignedUrl,
  signedHead,
} from '../payload/testing/s3-request.ts'
import type { FaultTarget } from '../request.ts'
import { readSignature } from './claim.ts'
import { credentialError } from './credential-error.ts'
import { signRequest } from './sign.ts'
import type { SignatureClaim } from './signature-claim.ts'
import { verifySignature } from './verify.ts'

const MINUTE = 60_000
const EC2: FaultTarget = { protocol: 'ec2-query', service: 'ec2' }

describe('EC2', () => {
  const signing = {
    accessKeyId: 'AKIA',
    secret: 'secret',
    service: 'ec2',
    region: 'us-east-1',
    now: new Date(EXAMPLE_TIME),
  }
  const headers = signRequest({ ...signing, method: 'POST', url: 'http://127.0.0.1/', body: 'Action=DescribeVpcs' })
  const head = { method: 'POST', rawUrl: '/', headers }
  const check = (nowMillis: number, secret = 'secret', body = 'Action=DescribeVpcs'): void =>
    verifySignature(readSignature(head, EC2), head, Buffer.from(body), secret, nowMillis, EC2)
  const notValidated = {
    code: 'AuthFailure',
    status: 401,
    message: 'AWS was not able to validate the provided access credentials',
  }

  test('a clock may be off by a quarter of an hour', async () => {
    for (const off of [15 * MINUTE, -15 * MINUTE]) expect(() => check(EXAMPLE_TIME + off)).not.toThrow()
    for (const off of [16 * MINUTE, -16 * MINUTE])
      expect(await faultOf(() => check(EXAMPLE_TIME + off))).toMatchObject(notValidated)
  })

  test('it does not say what is wrong with a signature', async () => {
    expect(await faultOf(() => check(EXAMPLE_TIME, 'other'))).toMatchObject(notValidated)
    expect(await faultOf(() => check(EXAMPLE_TIME, 'secret', 'Action=DescribeSubnets'))).toMatchObject(notValidated)
  })

  test('a presigned request that has expired says so', async () => {
    const url = presignedUrl('GET', '/')
    const presigned = { ...url, rawUrl: url.rawUrl.replace('%2Fs3%2F', '%2Fec2%2F') }
    const claim = readSignature(presigned, EC2)
    const late = EXAMPLE_TIME + 61 * MINUTE
    expect(await faultOf(() => verifySignature(claim, presigned, Buffer.alloc(0), SECRET, late, EC2))).toMatchObject({
      code: 'RequestExpired',
      status: 400,
      message: 'Request has expired.',
    })
  })
})

describe('credentials that do not hold', () => {
  const s3 = readSignature(signedHead({ method: 'GET', rawUrl: '/k', headers: {} }, 'UNSIGNED-PAYLOAD'), TARGET)
  const session = { ...s3, sessionToken: 'token' }
  const words = (error: WireError): object => ({ code: error.code, status: error.status, message: error.message })

  test('S3 says which key it does not know, and tells a token from it', () => {
    const unknown = credentialError('unknown key', s3, TARGET)
    expect(words(unknown)).toEqual({
      code: 'InvalidAccessKeyId',
      status: 403,
      message: 'The AWS Access Key Id you provided does not exist in our records.',
    })
    expect(unknown.members).toEqual({ AWSAccessKeyId: ACCESS_KEY_ID })
    expect(words(credentialError('other token', s3, TARGET))).toEqual(words(unknown))
    expect(words(credentialError('other token', session, TARGET))).toEqual({
      code: 'InvalidToken',
      status: 400,
      message: 'The provided token is malformed or otherwise invalid.',
    })
    expect(words(credentialError('ended session', session, TARGET))).toEqual({
      code: 'ExpiredToken',
      status: 400,
      message: 'The provided token has expired.',
    })
  })

  test('EC2 says only that they were not validated, or that they ended', () => {
    const ec2 = { ...session, signingName: 'ec2' } as SignatureClaim
    for (const problem of ['unknown key', 'other token'] as const)
      expect(words(credentialError(problem, ec2, EC2))).toMatchObject({ code: 'AuthFailure', status: 401 })
    expect(words(credentialError('ended session', ec2, EC2))).toMatchObject({ code: 'RequestExpired', status: 400 })
  })

  test.each([
    {
      target: { protocol: 'aws-json-1.1', service: 'logs' },
      unknown: 'UnrecognizedClientException',
      ended: 'ExpiredTokenException',
    },
    {
      target: { protocol: 'rest-json-1', service: 'mq' },
      unknown: 'UnrecognizedClientException',
      ended: 'ExpiredTokenException',
    },
    { target: { protocol: 'aws-query', service: 'sts' }, unknown: 'InvalidClientTokenId', ended: 'ExpiredToken' },
  ] as const)('$target.service answers as its protocol does', ({ target, unknown, ended }) => {
    const claim = { ...session, signingName: target.service } as SignatureClaim
    for (const problem of ['unknown key', 'other token'] as const)
      expect(credentialError(problem, claim, target).code).toBe(unknown)
    expect(credentialError('ended session', claim, target).code).toBe(ended)
  })
})

describe('Signature Version 2 outside S3', () => {
  const sts: FaultTarget = { protocol: 'aws-query', service: 'sts' }
  const form =
    'Action=GetCallerIdentity&AWSAccessKeyId=AKIA&SignatureVersion=2&SignatureMethod=HmacSHA256&Signature=a%3D'
  const headers = { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' }
  const refused = {
    code: 'IncompleteSignature',
    status: 400,
    message: 'Signature Version 2 is not supported; sign the request with Signature Version 4 (AWS4-HMAC-SHA256).',
  }

  test.each([
    { rule: 'in the form', head: { method: 'POST', rawUrl: '/', headers }, body: form },
    { rule: 'in the URL', head: { method: 'GET', rawUrl: `/?${form}`, headers: {} }, body: '' },
    { rule: 'in the URL of a POST', head: { method: 'POST', rawUrl: `/?${form}`, headers: {} }, body: '' },
    {
      rule: 'in the header',
      head: { method: 'POST', rawUrl: '/', headers: { ...headers, authorization: 'AWS AKIA:a=' } },
      body: 'Action=GetCallerIdentity',
    },
  ])('$rule is refused, and the refusal says what to do', async ({ head, body }) => {
    expect(await faultOf(() => readSignature(head, sts, { body: Buffer.from(body) }))).toMatchObject(refused)
  })

  test('a form without any signature lacks its token', async () => {
    const head = { method: 'POST', rawUrl: '/', headers }
    expect(
      await faultOf(() => readSignature(head, sts, { body: Buffer.from('Action=GetCallerIdentity') })),
    ).toMatchObject({
      code: 'MissingAuthenticationToken',
    })
  })
})
