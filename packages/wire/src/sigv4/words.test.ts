import { describe, expect, test } from 'vitest'
import { declaredPayload } from '../payload/declared.ts'
import {
  ACCESS_KEY_ID,
  EXAMPLE_TIME,
  S3,
  SECRET,
  TARGET,
  faultOf,
  presignedUrl,
  signedHead,
} from '../payload/testing/s3-request.ts'
import type { WireError } from '../fault.ts'
import type { FaultTarget, RequestHead } from '../request.ts'
import { readSignature } from './claim.ts'
import { credentialError } from './credential-error.ts'
import { signRequest } from './sign.ts'
import type { SignatureClaim } from './signature-claim.ts'
import { verifyHead, verifySignature } from './verify.ts'

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const MINUTE = 60_000

function verify(head: RequestHead, nowMillis = EXAMPLE_TIME, secret = SECRET): void {
  const claim = readSignature(head, TARGET, S3)
  verifyHead({ claim, head, target: TARGET, secret, nowMillis }, declaredPayload(head, claim, TARGET))
}

const get = (headers: Readonly<Record<string, string>> = {}): RequestHead =>
  signedHead({ method: 'GET', rawUrl: '/k', headers }, EMPTY)

const withHeader = (name: string, value: string | undefined): RequestHead => {
  const head = get()
  return { ...head, headers: { ...head.headers, [name]: value } }
}

const withAuthorization = (change: (text: string) => string): RequestHead =>
  withHeader('authorization', change(get().headers['authorization'] ?? ''))

const withQuery = (change: (query: string) => string): RequestHead => {
  const head = presignedUrl('GET', '/k')
  return { ...head, rawUrl: change(head.rawUrl) }
}

describe('S3: a header that is not whole', () => {
  const malformed = (what: string): object => ({
    code: 'AuthorizationHeaderMalformed',
    status: 400,
    message: `The authorization header is malformed; ${what}`,
    members: {},
  })
  const three = 'the authorization header requires three components: Credential, SignedHeaders, and Signature.'

  test.each([
    { rule: 'no signature', head: withAuthorization((text) => text.replace(/,Signature=.*/, '')), what: three },
    { rule: 'a part without a name', head: withAuthorization((text) => `${text},x`), what: three },
    {
      rule: 'a credential of four parts',
      head: withAuthorization((text) => text.replace('/aws4_request', '')),
      what: 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    },
    {
      rule: 'a region that is none',
      head: withAuthorization((text) => text.replace('us-east-1', 'US!')),
      what: "the region 'US!' is wrong",
    },
    {
      rule: 'another service',
      head: withAuthorization((text) => text.replace('/s3/', '/mq/')),
      what: 'incorrect service "mq". This endpoint belongs to "s3".',
    },
    {
      rule: 'another terminator',
      head: withAuthorization((text) => text.replace('aws4_request', 'aws5_request')),
      what: 'incorrect terminal "aws5_request". This endpoint uses "aws4_request".',
    },
    {
      rule: "another day's scope",
      head: withAuthorization((text) => text.replace('20130524', '20130525')),
      what: 'Invalid credential date. Date is not the same as X-Amz-Date.',
    },
    {
      rule: 'header names out of order',
      head: withAuthorization((text) => text.replace('host;x-amz-content-sha256', 'x-amz-content-sha256;host')),
      what: 'the authorization component "SignedHeaders" is malformed.',
    },
    {
      rule: 'a signature that is not hexadecimal',
      head: withAuthorization((text) => text.replace(/Signature=.{4}/, 'Signature=wxyz')),
      what: 'the authorization component "Signature" is malformed.',
    },
  ])('$rule', async ({ head, what }) => {
    expect(await faultOf(() => verify(head))).toEqual(malformed(what))
  })

  test.each([undefined, '', 'yesterday', '20131399T000000Z'])('the date %s', async (date) => {
    expect(await faultOf(() => verify(withHeader('x-amz-date', date)))).toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message: 'AWS authentication requires a valid Date or x-amz-date header',
    })
  })

  test.each([
    { text: 'AWS4-HMAC-SHA256', message: "Authorization header is invalid -- one and only one ' ' (space) required" },
    { text: 'Bearer abc', message: 'Unsupported Authorization Type' },
    { text: 'AWS4-HMAC-SHA512 Credential=a', message: 'Unsupported Authorization Type' },
  ])('"$text"', async ({ text, message }) => {
    expect(await faultOf(() => verify(withHeader('authorization', text)))).toEqual({
      code: 'InvalidArgument',
      status: 400,
      message,
      members: { ArgumentName: 'Authorization', ArgumentValue: text },
    })
  })

  test.each([
    withHeader('authorization', 'AWS4-ECDSA-P256-SHA256 Credential=a'),
    withQuery((url) => url.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256')),
  ])('the asymmetric version is not built, and the refusal says what to do', async (head) => {
    expect(await faultOf(() => verify(head))).toMatchObject({
      code: 'NotImplemented',
      status: 501,
      message: expect.stringMatching(/sign with AWS4-HMAC-SHA256 instead\.$/),
    })
  })
})

describe('S3: a presigned URL that is not whole', () => {
  test.each([
    {
      rule: 'no expiry',
      head: withQuery((url) => url.replace('&X-Amz-Expires=3600', '')),
      message:
        'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    },
    {
      rule: 'an expiry that is no number',
      head: withQuery((url) => url.replace('=3600', '=1h')),
      message: 'X-Amz-Expires should be a number',
    },
    {
      rule: 'an expiry before its beginning',
      head: withQuery((url) => url.replace('=3600', '=-1')),
      message: 'X-Amz-Expires must be non-negative',
    },
    {
      rule: 'more than a week',
      head: withQuery((url) => url.replace('=3600', '=604801')),
      message:
        'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    },
    {
      rule: 'a date that is none',
      head: withQuery((url) => url.replace('20130524T000000Z', 'now')),
      message: `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`,
    },
    {
      rule: 'another algorithm',
      head: withQuery((url) => url.replace('AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA512')),
      message: 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"',
    },
    {
      rule: 'another service',
      head: withQuery((url) => url.replace('%2Fs3%2F', '%2Fmq%2F')),
      message: 'Error parsing the X-Amz-Credential parameter; incorrect service "mq". This endpoint belongs to "s3".',
    },
    {
      rule: "another day's scope",
      head: withQuery((url) => url.replace('20130524%2F', '20130525%2F')),
      message: 'Invalid credential date "20130525". This date is not the same as X-Amz-Date: "20130524".',
    },
    {
      rule: 'a signature that is not hexadecimal',
      head: withQuery((url) => url.replace(/X-Amz-Signature=./, 'X-Amz-Signature=z')),
      message: 'The X-Amz-Signature parameter is malformed.',
    },
  ])('$rule', async ({ head, message }) => {
    expect(await faultOf(() => verify(head))).toEqual({
      code: 'AuthorizationQueryParametersError',
      status: 400,
      message,
      members: {},
    })
  })
})

describe('S3: what must be signed', () => {
  const presignedWith = (name: string): RequestHead => {
    const head = presignedUrl('PUT', '/k')
    return { ...head, headers: { ...head.headers, [name]: 'x' } }
  }

  test.each(['x-amz-acl', 'x-amz-meta-a', 'x-amz-security-token', 'content-md5'])('%s', async (name) => {
    for (const head of [withHeader(name, 'x'), presignedWith(name)])
      expect(await faultOf(() => verify(head))).toEqual({
        code: 'AccessDenied',
        status: 403,
        message: 'There were headers present in the request which were not signed',
        members: { HeadersNotSigned: name },
      })
  })

  test('all that are not signed are named', async () => {
    const head = withAuthorization((text) => text.replace('host;', ''))
    expect(await faultOf(() => verify({ ...head, headers: { ...head.headers, 'x-amz-acl': 'x' } }))).toMatchObject({
      members: { HeadersNotSigned: 'host, x-amz-acl' },
    })
  })

  test.each(['content-type', 'range', 'if-match', 'content-length', 'x-amzn-trace-id'])('%s need not be', (name) => {
    expect(() => verify(withHeader(name, 'x'))).not.toThrow()
    expect(() => verify(presignedWith(name))).not.toThrow()
  })

  test('nor the hash of the body, which is a line of what is signed', async () => {
    const head = presignedWith('x-amz-acl')
    const other = { ...head, headers: { host: head.headers['host'], 'x-amz-content-sha256': EMPTY } }
    expect(await faultOf(() => verify(other))).toMatchObject({ code: 'SignatureDoesNotMatch' })
  })
})

describe('S3: one mechanism', () => {
  const url = presignedUrl('GET', '/k')
  const authorization = get().headers['authorization'] ?? ''
  const message =
    'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified'

  test.each([
    { ...url, headers: { ...url.headers, authorization } },
    { method: 'GET', rawUrl: '/k?Signature=a', headers: { authorization } },
  ])('a header beside a signed URL', async (head) => {
    const members = { ArgumentName: 'Authorization', ArgumentValue: authorization }
    expect(await faultOf(() => verify(head))).toEqual({ code: 'InvalidArgument', status: 400, message, members })
  })

  test('a URL signed in both versions', async () => {
    const members = { ArgumentName: 'Authorization' }
    const head = { ...url, rawUrl: `${url.rawUrl}&Signature=a` }
    expect(await faultOf(() => verify(head))).toEqual({ code: 'InvalidArgument', status: 400, message, members })
  })

  test('none at all', async () => {
    for (const rawUrl of ['/k', '/k?AWSAccessKeyId=a&Expires=9'])
      expect(await faultOf(() => verify({ method: 'GET', rawUrl, headers: {} }))).toMatchObject({
        code: 'AccessDenied',
        status: 403,
        message: 'Access Denied',
      })
  })
})

describe('S3: time', () => {
  test('a clock may be off by a quarter of an hour', async () => {
    for (const off of [15 * MINUTE, -15 * MINUTE]) expect(() => verify(get(), EXAMPLE_TIME + off)).not.toThrow()
    for (const off of [15 * MINUTE + 1_000, -15 * MINUTE - 1_000])
      expect(await faultOf(() => verify(get(), EXAMPLE_TIME + off))).toEqual({
        code: 'RequestTimeTooSkewed',
        status: 403,
        message: 'The difference between the request time and the current time is too large.',
        members: {
          RequestTime: '20130524T000000Z',
          ServerTime: off > 0 ? '2013-05-24T00:15:01Z' : '2013-05-23T23:44:59Z',
          MaxAllowedSkewMilliseconds: 900_000,
        },
      })
  })

  test('a presigned URL holds for as long as it says', async () => {
    const head = presignedUrl('GET', '/k')
    expect(() => verify(head, EXAMPLE_TIME + 60 * MINUTE)).not.toThrow()
    expect(await faultOf(() => verify(head, EXAMPLE_TIME + 60 * MINUTE + 1_000))).toEqual({
      code: 'AccessDenied',
      status: 403,
      message: 'Request has expired',
      members: { 'X-Amz-Expires': 3_600, Expires: '2013-05-24T01:00:00Z', ServerTime: '2013-05-24T01:00:01Z' },
    })
  })

  test('a presigned URL that holds for no time has expired', async () => {
    const head = presignedUrl('GET', '/k', { 'X-Amz-Expires': '0' })
    expect(await faultOf(() => verify(head, EXAMPLE_TIME + 1))).toMatchObject({ message: 'Request has expired' })
  })

  test('a presigned URL is not taken before its time', async () => {
    const head = presignedUrl('GET', '/k')
    expect(() => verify(head, EXAMPLE_TIME - 15 * MINUTE)).not.toThrow()
    expect(await faultOf(() => verify(head, EXAMPLE_TIME - 16 * MINUTE))).toEqual({
      code: 'AccessDenied',
      status: 403,
      message: 'Request is not yet valid',
      members: {
        'X-Amz-Date': String(EXAMPLE_TIME),
        Expires: '2013-05-24T01:00:00Z',
        ServerTime: '2013-05-23T23:44:00Z',
      },
    })
  })
})

test('S3: a mismatch shows what was signed here, and never the secret', async () => {
  const head = get()
  const fault = await faultOf(() => verify(head, EXAMPLE_TIME, 'another/secret'))
  const canonical = `GET\n/k\n\nhost:examplebucket.s3.amazonaws.com\nx-amz-content-sha256:${EMPTY}\nx-amz-date:20130524T000000Z\n\nhost;x-amz-content-sha256;x-amz-date\n${EMPTY}`
  expect(fault).toMatchObject({
    code: 'SignatureDoesNotMatch',
    status: 403,
    members: {
      AWSAccessKeyId: ACCESS_KEY_ID,
      StringToSign: expect.stringMatching(
        /^AWS4-HMAC-SHA256\n20130524T000000Z\n20130524\/us-east-1\/s3\/aws4_request\n[0-9a-f]{64}$/,
      ),
      SignatureProvided: head.headers['authorization']?.slice(-64),
      CanonicalRequest: canonical,
      CanonicalRequestBytes: expect.stringMatching(/^47 45 54 0a 2f 6b 0a 0a( [0-9a-f]{2})+$/),
    },
  })
  expect(JSON.stringify(fault)).not.toContain('another/secret')
})

describe('EC2', () => {
  const ec2: FaultTarget = { protocol: 'aws-query' }
  const options = { signingName: 'ec2' }
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
    verifySignature(readSignature(head, ec2, options), head, Buffer.from(body), secret, nowMillis, ec2)
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
    const claim = readSignature(presigned, ec2, options)
    const late = EXAMPLE_TIME + 61 * MINUTE
    expect(await faultOf(() => verifySignature(claim, presigned, Buffer.alloc(0), SECRET, late, ec2))).toMatchObject({
      code: 'RequestExpired',
      status: 400,
      message: 'Request has expired.',
    })
  })
})

describe('credentials that do not hold', () => {
  const s3 = readSignature(get(), TARGET, S3)
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
      expect(words(credentialError(problem, ec2, TARGET))).toMatchObject({ code: 'AuthFailure', status: 401 })
    expect(words(credentialError('ended session', ec2, TARGET))).toMatchObject({ code: 'RequestExpired', status: 400 })
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
