import { expect, test } from 'vitest'
import type { RequestHead } from '../request.ts'
import { canonicalRequest, sha256Hex } from './canonical.ts'
import { readSignature } from './claim.ts'
import { signText } from './signature.ts'
import { verifySignature } from './verify.ts'

/** The requests and signatures of AWS's published signature test suite, whose service is called `service`. */
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const TIME = '20150830T123600Z'
const NOW = Date.UTC(2015, 7, 30, 12, 36)
const TARGET = { protocol: 'aws-json-1.1' } as const
const host = { host: 'example.amazonaws.com', 'x-amz-date': TIME }
const UNRESERVED = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const VANILLA = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'
const POST = '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'
const STS_TOKEN =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=='

interface Vector {
  readonly name: string
  readonly method?: string
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signature: string
}
const vectors: readonly Vector[] = [
  { name: 'get-vanilla', signature: VANILLA },
  {
    name: 'get-header-key-duplicate',
    headers: { 'my-header1': 'value2,value2,value1' },
    signature: 'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
  },
  {
    name: 'get-header-value-order',
    headers: { 'my-header1': 'value4,value1,value3,value2' },
    signature: '08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01',
  },
  {
    name: 'get-header-value-trim',
    headers: { 'my-header1': ' value1', 'my-header2': ' "a   b   c"' },
    signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  },
  {
    name: 'get-unreserved',
    url: `/${UNRESERVED}`,
    signature: '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
  },
  { name: 'get-utf8', url: '/ሴ', signature: '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85' },
  {
    name: 'get-utf8 as Node hands raw bytes over',
    url: Buffer.from('/ሴ').toString('latin1'),
    signature: '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85',
  },
  {
    name: 'get-space',
    url: '/example space/',
    signature: '652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741',
  },
  { name: 'get-relative', url: '/example/..', signature: VANILLA },
  { name: 'get-relative-relative', url: '/example1/example2/../..', signature: VANILLA },
  { name: 'get-slash', url: '//', signature: VANILLA },
  { name: 'get-slash-dot-slash', url: '/./', signature: VANILLA },
  { name: 'get-vanilla-query', url: '/?', signature: VANILLA },
  {
    name: 'get-vanilla-empty-query-key',
    url: '/?Param1=value1',
    signature: 'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb',
  },
  {
    name: 'get-vanilla-query-order-key-case',
    url: '/?Param2=value2&Param1=value1',
    signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
  {
    name: 'get-vanilla-query-order-encoded',
    url: '/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1',
    signature: '371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac',
  },
  {
    name: 'get-vanilla-query-unreserved',
    url: `/?${UNRESERVED}=${UNRESERVED}`,
    signature: '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  },
  {
    name: 'get-vanilla-utf8-query',
    url: '/?ሴ=bar',
    signature: '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
  },
  { name: 'post-vanilla', method: 'POST', signature: POST },
  {
    name: 'post-vanilla-query',
    method: 'POST',
    url: '/?Param1=value1',
    signature: '28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11',
  },
  {
    name: 'post-vanilla-query-nonunreserved',
    method: 'POST',
    url: '/?%40%23%24%25%5E=&%2B=/%2C%3F%3E%3C%60%22%3B%3A%5C%7C%5D%5B%7B%7D',
    signature: '66c82657c86e26fb25238d0e69f011edc4c6df5ae71119d7cb98ed9b87393c1e',
  },
  {
    name: 'post-header-key-sort',
    method: 'POST',
    headers: { 'my-header1': 'value1' },
    signature: 'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
  },
  {
    name: 'post-header-value-case',
    method: 'POST',
    headers: { 'my-header1': 'VALUE1' },
    signature: 'cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d',
  },
  {
    name: 'post-sts-header-before',
    method: 'POST',
    headers: { 'x-amz-security-token': STS_TOKEN },
    signature: '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
  },
  {
    name: 'post-x-www-form-urlencoded',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Param1=value1',
    signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  },
  {
    name: 'post-x-www-form-urlencoded-parameters',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf8' },
    body: 'Param1=value1',
    signature: '1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe',
  },
]

function headOf({ method = 'GET', url = '/', headers = {}, signature }: Vector): RequestHead {
  const all = { ...host, ...headers }
  const signed = Object.keys(all).sort().join(';')
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signed}, Signature=${signature}`
  return { method, rawUrl: url, headers: { ...all, authorization } }
}

test.each(vectors)('$name verifies', (vector) => {
  const head = headOf(vector)
  expect(() =>
    verifySignature(readSignature(head, TARGET), head, Buffer.from(vector.body ?? ''), SECRET, NOW, TARGET),
  ).not.toThrow()
})

test.each(vectors)('$name does not verify with a digit of its signature changed', (vector) => {
  const signature = vector.signature.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
  const head = headOf({ ...vector, signature })
  expect(() =>
    verifySignature(readSignature(head, TARGET), head, Buffer.from(vector.body ?? ''), SECRET, NOW, TARGET),
  ).toThrow(/does not match/)
})

test('get-vanilla as a presigned URL verifies until it expires', () => {
  const query =
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Expires=3600'
  const signature = 'e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d'
  const head: RequestHead = {
    method: 'GET',
    rawUrl: `/?${query}&X-Amz-Signature=${signature}`,
    headers: { host: host.host },
  }
  const claim = readSignature(head, TARGET)
  expect(claim).toMatchObject({ form: 'query', expiresSeconds: 3_600, timestamp: NOW, accessKeyId: 'AKIDEXAMPLE' })
  expect(() => verifySignature(claim, head, Buffer.alloc(0), SECRET, NOW + 3_599_000, TARGET)).not.toThrow()
  expect(() => verifySignature(claim, head, Buffer.alloc(0), SECRET, NOW + 3_601_000, TARGET)).toThrow(
    'Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T133601Z - 60 min.)',
  )
})

test('S3 signs its path as sent, others normalise it', () => {
  const head: RequestHead = { method: 'GET', rawUrl: '/a//b/../%20c', headers: host }
  const parts = { head, signedHeaders: ['host'], payloadHash: sha256Hex('') }
  expect(canonicalRequest({ ...parts, signingName: 's3' }).split('\n')[1]).toBe('/a//b/../%20c')
  expect(canonicalRequest({ ...parts, signingName: 'mq' }).split('\n')[1]).toBe('/a/%2520c')
})

test('a thousand and more secrets give the same signatures again after their keys were dropped', () => {
  const scope = { date: '20150830', region: 'us-east-1', signingName: 'service' }
  const first = signText('secret-0', scope, 'x')
  for (let index = 1; index < 1_100; index++) signText(`secret-${String(index)}`, scope, 'x')
  expect(signText('secret-0', scope, 'x')).toBe(first)
  expect(signText('secret-1', scope, 'x')).not.toBe(first)
})
