import { describe, expect, test } from 'vitest'
import { declaredPayload } from '../payload/declared.ts'
import { checksumFaults, contentSha256Faults, framingFaults } from '../payload/faults.ts'
import {
  ACCESS_KEY_ID,
  EXAMPLE_TIME,
  SECRET,
  TARGET,
  faultOf,
  presignedUrl,
  signedHead,
} from '../payload/testing/s3-request.ts'
import type { RequestHead } from '../request.ts'
import { writeFault } from '../write-fault.ts'
import { readSignature } from './claim.ts'
import { verifyHead } from './verify.ts'

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const MINUTE = 60_000

function verify(head: RequestHead, nowMillis = EXAMPLE_TIME, secret = SECRET): void {
  const claim = readSignature(head, TARGET)
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
          MaxAllowedSkewMilliseconds: '900000',
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
      members: { 'X-Amz-Expires': '3600', Expires: '2013-05-24T01:00:00Z', ServerTime: '2013-05-24T01:00:01Z' },
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

test('S3: every member of a refusal is in its answer, whatever its name', async () => {
  const head = presignedUrl('GET', '/k')
  const faults = [
    await faultOf(() => verify(get(), EXAMPLE_TIME + 60 * MINUTE)),
    await faultOf(() => verify(head, EXAMPLE_TIME + 90 * MINUTE)),
    await faultOf(() => verify(head, EXAMPLE_TIME - 90 * MINUTE)),
    await faultOf(() => verify(get(), EXAMPLE_TIME, 'another/secret')),
    contentSha256Faults.mismatch('a', 'b'),
    contentSha256Faults.junk('<&>'),
    framingFaults.length(1, 2),
    framingFaults.tooLarge(2, 1),
    framingFaults.smallChunk(2, 1),
    checksumFaults.malformedMd5('x'),
    checksumFaults.md5Mismatch(Buffer.from('a'), Buffer.from('b')),
  ]
  for (const fault of faults) {
    const { status, body } = writeFault(TARGET, fault, 'id')
    expect(status).toBe(fault.status)
    const names = Object.keys(fault.members ?? {})
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) expect(body).toMatch(new RegExp(`<${name}>[^<]+</${name}>`))
  }
})
