import fc from 'fast-check'
import { expect, test } from 'vitest'
import { declaredPayload } from '../payload/declared.ts'
import { ACCESS_KEY_ID, SECRET, TARGET, faultOf } from '../payload/testing/s3-request.ts'
import type { RequestHead } from '../request.ts'
import { readSignature } from './claim.ts'
import { verifyHead, verifySignature } from './verify.ts'
import { signTextV2 } from './version-2.ts'

interface Signed extends RequestHead {
  readonly bucket?: string
  readonly nowMillis: number
}

function verify({ bucket, nowMillis, ...head }: Signed, secret = SECRET): void {
  const claim = readSignature(head, TARGET)
  const check = { claim, head, target: TARGET, secret, nowMillis, ...(bucket === undefined ? {} : { bucket }) }
  verifyHead(check, declaredPayload(head, claim, TARGET))
}

const authorization = (signature: string): string => `AWS ${ACCESS_KEY_ID}:${signature}`

/** The examples of the S3 guide for Signature Version 2, of the bucket johnsmith. */
const examples: readonly (Signed & { readonly name: string })[] = [
  {
    name: 'Object GET',
    method: 'GET',
    rawUrl: '/photos/puppy.jpg',
    headers: {
      date: 'Tue, 27 Mar 2007 19:36:42 +0000',
      authorization: authorization('bWq2s1WEIj+Ydj0vQ697zp+IXMU='),
    },
    bucket: 'johnsmith',
    nowMillis: Date.UTC(2007, 2, 27, 19, 36, 42),
  },
  {
    name: 'Object PUT',
    method: 'PUT',
    rawUrl: '/photos/puppy.jpg',
    headers: {
      'content-type': 'image/jpeg',
      'content-length': '94328',
      date: 'Tue, 27 Mar 2007 21:15:45 +0000',
      authorization: authorization('MyyxeRY7whkBe+bq8fHCL/2kKUg='),
    },
    bucket: 'johnsmith',
    nowMillis: Date.UTC(2007, 2, 27, 21, 15, 45),
  },
  {
    name: 'List',
    method: 'GET',
    rawUrl: '/?prefix=photos&max-keys=50&marker=puppy',
    headers: {
      'user-agent': 'Mozilla/5.0',
      date: 'Tue, 27 Mar 2007 19:42:41 +0000',
      authorization: authorization('htDYFYduRNen8P9ZfE/s9SuKy0U='),
    },
    bucket: 'johnsmith',
    nowMillis: Date.UTC(2007, 2, 27, 19, 42, 41),
  },
  {
    name: 'Fetch of an access control list',
    method: 'GET',
    rawUrl: '/?acl',
    headers: {
      date: 'Tue, 27 Mar 2007 19:44:46 +0000',
      authorization: authorization('c2WLPFtWHVgbEmeEG93a4cG37dM='),
    },
    bucket: 'johnsmith',
    nowMillis: Date.UTC(2007, 2, 27, 19, 44, 46),
  },
  {
    name: 'Delete, path style, with a date of its own kind',
    method: 'DELETE',
    rawUrl: '/johnsmith/photos/puppy.jpg',
    headers: {
      'user-agent': 'dotnet',
      date: 'Tue, 27 Mar 2007 21:20:27 +0000',
      'x-amz-date': 'Tue, 27 Mar 2007 21:20:26 +0000',
      authorization: authorization('R4dJ53KECjStyBO5iTBJZ4XVOaI='),
    },
    nowMillis: Date.UTC(2007, 2, 27, 21, 20, 26),
  },
  {
    name: 'Upload with repeated headers and a port',
    method: 'PUT',
    rawUrl: '/db-backup.dat.gz',
    headers: {
      'user-agent': 'curl/7.15.5',
      host: 'static.johnsmith.net:8080',
      date: 'Tue, 27 Mar 2007 21:06:08 +0000',
      'x-amz-acl': 'public-read',
      'content-type': 'application/x-download',
      'content-md5': '4gJE4saaMU4BqNR0kLY+lw==',
      'x-amz-meta-reviewedby': 'joe@johnsmith.net,jane@johnsmith.net',
      'x-amz-meta-filechecksum': '0x02661779',
      'x-amz-meta-checksumalgorithm': 'crc32',
      'content-disposition': 'attachment; filename=database.dat',
      'content-encoding': 'gzip',
      'content-length': '5913339',
      authorization: authorization('ilyl83RwaSoYIEdixDQcA4OnAnc='),
    },
    bucket: 'static.johnsmith.net',
    nowMillis: Date.UTC(2007, 2, 27, 21, 6, 8),
  },
  {
    name: 'List of all buckets',
    method: 'GET',
    rawUrl: '/',
    headers: {
      date: 'Wed, 28 Mar 2007 01:29:59 +0000',
      authorization: authorization('qGdzdERIC03wnaRNKh6OqZehG9s='),
    },
    nowMillis: Date.UTC(2007, 2, 28, 1, 29, 59),
  },
  {
    name: 'Unicode keys, signed as they are sent',
    method: 'GET',
    rawUrl: '/dictionary/fran%C3%A7ais/pr%c3%a9f%c3%a8re',
    headers: {
      date: 'Wed, 28 Mar 2007 01:49:49 +0000',
      authorization: authorization('DNEZGsoieTZ92F3bUfSPQcbGmlM='),
    },
    nowMillis: Date.UTC(2007, 2, 28, 1, 49, 49),
  },
  {
    name: 'Query string request',
    method: 'GET',
    rawUrl: `/photos/puppy.jpg?AWSAccessKeyId=${ACCESS_KEY_ID}&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620`,
    headers: {},
    bucket: 'johnsmith',
    nowMillis: 1_175_139_620_000,
  },
]

test.each(examples)('$name verifies', (example) => {
  expect(() => verify(example)).not.toThrow()
})

test.each(examples)('$name does not verify when something that is signed is another', (example) => {
  const { method, rawUrl, headers } = example
  const refused = expect.objectContaining({ code: 'SignatureDoesNotMatch', status: 403 })
  expect(() => verify(example, `${SECRET}x`)).toThrow(refused)
  expect(() => verify({ ...example, method: method === 'GET' ? 'HEAD' : 'GET' })).toThrow(refused)
  expect(() => verify({ ...example, rawUrl: rawUrl.replace('/', '/x') })).toThrow(refused)
  expect(() => verify({ ...example, rawUrl: `${rawUrl}${rawUrl.includes('?') ? '&' : '?'}uploads` })).toThrow(refused)
  for (const name of ['content-type', 'content-md5', 'x-amz-acl', 'x-amz-meta-new'])
    expect(() => verify({ ...example, headers: { ...headers, [name]: 'other' } })).toThrow(refused)
  if (example.bucket !== undefined) expect(() => verify({ ...example, bucket: 'other' })).toThrow(refused)
})

const NOW = Date.UTC(2026, 10, 21, 10)
const EXPIRES = String(NOW / 1_000 + 60)

/** A presigned URL of version 2 over the text given. */
function presigned(rawUrl: string, text: string, expires = EXPIRES): Signed {
  const signature = encodeURIComponent(signTextV2(SECRET, text))
  const mark = rawUrl.includes('?') ? '&' : '?'
  const query = `AWSAccessKeyId=${ACCESS_KEY_ID}&Signature=${signature}&Expires=${expires}`
  return { method: 'GET', rawUrl: `${rawUrl}${mark}${query}`, headers: {}, nowMillis: NOW }
}

test.each([
  {
    rule: 'overrides of the answer are signed decoded and sorted',
    url: '/b/k?response-content-type=text%2Fplain%3B%20x&response-cache-control=no-cache&other=1',
    text: `GET\n\n\n${EXPIRES}\n/b/k?response-cache-control=no-cache&response-content-type=text/plain; x`,
  },
  {
    rule: 'sub-resources with and without a value',
    url: '/b/k?uploadId=a%2Bb&partNumber=7&acl',
    text: `GET\n\n\n${EXPIRES}\n/b/k?acl&partNumber=7&uploadId=a+b`,
  },
  {
    rule: 'headers that the URL carries for whoever uses it',
    url: '/b/k?content-type=text%2Fplain&x-amz-meta-b=2&X-Amz-Acl=private',
    text: `GET\n\ntext/plain\n${EXPIRES}\nx-amz-acl:private\nx-amz-meta-b:2\n/b/k`,
  },
  {
    rule: 'a bucket as boto3 signs it, with a slash that its URL has not',
    url: '/orders?list-type=2',
    text: `GET\n\n\n${EXPIRES}\n/orders/`,
  },
])('$rule', ({ url, text }) => {
  expect(() => verify(presigned(url, text))).not.toThrow()
})

test('a header that is sent counts before the one in the URL, so it cannot be smuggled in', () => {
  const request = presigned('/b/k?x-amz-acl=private', `GET\n\n\n${EXPIRES}\nx-amz-acl:private\n/b/k`)
  expect(() => verify({ ...request, headers: { 'x-amz-acl': 'private' } })).not.toThrow()
  expect(() => verify({ ...request, headers: { 'x-amz-acl': 'public-read' } })).toThrow(/does not match/)
})

test('only a bucket alone may lack its slash', () => {
  expect(() => verify(presigned('/b/k', `GET\n\n\n${EXPIRES}\n/b/k/`))).toThrow(/does not match/)
  expect(() => verify(presigned('/b/', `GET\n\n\n${EXPIRES}\n/b//`))).toThrow(/does not match/)
  const hosted = presigned('/k', `GET\n\n\n${EXPIRES}\n/b/k/`)
  expect(() => verify({ ...hosted, bucket: 'b' })).toThrow(/does not match/)
})

test('a URL holds until it expires, and S3 says when that was', async () => {
  const request = presigned('/b/k', `GET\n\n\n${EXPIRES}\n/b/k`)
  expect(() => verify({ ...request, nowMillis: NOW - 10 * 365 * 86_400_000 })).not.toThrow()
  expect(() => verify({ ...request, nowMillis: NOW + 60_000 })).not.toThrow()
  expect(await faultOf(() => verify({ ...request, nowMillis: NOW + 61_000 }))).toEqual({
    code: 'AccessDenied',
    status: 403,
    message: 'Request has expired',
    members: { Expires: '2026-11-21T10:01:00Z', ServerTime: '2026-11-21T10:01:01Z' },
  })
})

test('a clock that is off by more than a quarter of an hour is told both times', async () => {
  const [example] = examples
  if (example === undefined) throw new Error('there is no example')
  const off = 15 * 60_000
  expect(() => verify({ ...example, nowMillis: example.nowMillis + off })).not.toThrow()
  expect(() => verify({ ...example, nowMillis: example.nowMillis - off })).not.toThrow()
  for (const by of [off + 1_000, -off - 1_000])
    expect(await faultOf(() => verify({ ...example, nowMillis: example.nowMillis + by }))).toEqual({
      code: 'RequestTimeTooSkewed',
      status: 403,
      message: 'The difference between the request time and the current time is too large.',
      members: {
        RequestTime: 'Tue, 27 Mar 2007 19:36:42 +0000',
        ServerTime: by > 0 ? '2007-03-27T19:51:43Z' : '2007-03-27T19:21:41Z',
        MaxAllowedSkewMilliseconds: '900000',
      },
    })
})

test('a mismatch shows what was signed here, and never the secret', async () => {
  const request = presigned('/b/k', 'GET\n\n\nother\n/b/k')
  const fault = await faultOf(() => verify(request))
  expect(fault).toMatchObject({
    code: 'SignatureDoesNotMatch',
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    members: {
      AWSAccessKeyId: ACCESS_KEY_ID,
      StringToSign: `GET\n\n\n${EXPIRES}\n/b/k`,
      SignatureProvided: signTextV2(SECRET, 'GET\n\n\nother\n/b/k'),
      StringToSignBytes: expect.stringMatching(/^47 45 54 0a 0a 0a( [0-9a-f]{2})+ 2f 62 2f 6b$/),
    },
  })
  expect(JSON.stringify(fault)).not.toContain(SECRET)
  expect(fault.members).not.toHaveProperty('CanonicalRequest')
})

const plain = { method: 'GET', headers: {}, nowMillis: NOW }
test.each([
  {
    rule: 'a query without the key',
    request: { ...plain, rawUrl: `/?Signature=a&Expires=${EXPIRES}` },
    message: 'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
  },
  {
    rule: 'a query without its end',
    request: { ...plain, rawUrl: '/?Signature=a&AWSAccessKeyId=b' },
    message: 'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
  },
  {
    rule: 'an end that is no number',
    request: { ...plain, rawUrl: '/?Signature=a&AWSAccessKeyId=b&Expires=1e9' },
    message: 'Invalid date (should be seconds since epoch): 1e9',
  },
  {
    rule: 'an end beyond 32 bits',
    request: { ...plain, rawUrl: '/?Signature=a&AWSAccessKeyId=b&Expires=2147483648' },
    message: 'Invalid date (should be seconds since epoch): 2147483648',
  },
  {
    rule: 'a header without a date',
    request: { ...plain, rawUrl: '/', headers: { authorization: 'AWS a:b' } },
    message: 'AWS authentication requires a valid Date or x-amz-date header',
  },
  {
    rule: 'a header whose own date cannot be read, beside one that can',
    request: {
      ...plain,
      rawUrl: '/',
      headers: { authorization: 'AWS a:b', 'x-amz-date': 'soon', date: 'Tue, 27 Mar 2007 19:36:42 +0000' },
    },
    message: 'AWS authentication requires a valid Date or x-amz-date header',
  },
])('$rule is denied', async ({ request, message }) => {
  expect(await faultOf(() => verify(request))).toMatchObject({ code: 'AccessDenied', status: 403, message })
})

test.each(['AWS garbage', 'AWS key:', 'AWS :signature', 'AWS a:b:c', 'AWS  a:b'])('"%s" is no header', async (text) => {
  expect(await faultOf(() => verify({ ...plain, rawUrl: '/', headers: { authorization: text } }))).toEqual({
    code: 'InvalidArgument',
    status: 400,
    message: 'AWS authorization header is invalid.  Expected AwsAccessKeyId:signature',
    members: { ArgumentName: 'Authorization', ArgumentValue: text },
  })
})

test('a session token is part of the claim, from the header or the URL', () => {
  const text = `GET\n\n\n${EXPIRES}\nx-amz-security-token:tok/en+==\n/b/k`
  const inUrl = presigned('/b/k?x-amz-security-token=tok%2Fen%2B%3D%3D', text)
  const inHeader = { ...presigned('/b/k', text), headers: { 'x-amz-security-token': 'tok/en+==' } }
  for (const request of [inUrl, inHeader]) {
    expect(readSignature(request, TARGET).sessionToken).toBe('tok/en+==')
    expect(() => verify(request)).not.toThrow()
  }
})

test('a body whose hash is declared is still verified, and no chunks are taken', async () => {
  const body = (value: string): void => {
    const text = `GET\n\n\n${EXPIRES}\nx-amz-content-sha256:${value}\n/b/k`
    const request = { ...presigned('/b/k', text), headers: { 'x-amz-content-sha256': value } }
    verifySignature(readSignature(request, TARGET), request, Buffer.from('a'), SECRET, NOW, TARGET)
  }
  expect(() => body('ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb')).not.toThrow()
  expect(() => body('UNSIGNED-PAYLOAD')).not.toThrow()
  expect(await faultOf(() => body('a'.repeat(64)))).toMatchObject({ code: 'XAmzContentSHA256Mismatch' })
  expect(await faultOf(() => body('STREAMING-AWS4-HMAC-SHA256-PAYLOAD'))).toMatchObject({ code: 'InvalidRequest' })
})

test('whatever a query or a header holds, it is read or refused with a fault of ours', async () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('Signature=a', 'Expires=9', 'AWSAccessKeyId=b', '%'),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(word), fc.option(fc.string(), { nil: undefined }), async (words, header) => {
      const authorization = header === undefined ? {} : { authorization: `AWS ${header}` }
      const request = { ...plain, rawUrl: `/?${words.join('&')}`, headers: authorization }
      expect((await faultOf(() => verify(request))).status).toBeGreaterThanOrEqual(400)
    }),
    { seed: 7, numRuns: 300 },
  )
})
