import { expect, test } from 'vitest'
import type { Reply } from '@sluice/wire'
import { crossOrigin } from '#gateway/cors.ts'

const policy = { host: 'sluice.internal', origins: ['https://app.example', 'vscode-webview://abc'] }

function judge(headers: Readonly<Record<string, string>>, method = 'POST', rawUrl = '/') {
  return crossOrigin({ method, rawUrl, headers: { host: 'localhost:4566', ...headers } }, policy)
}

/** `none`: no page is involved; `allowed`: the page may read the answer; a number: the status of the answer at once. */
function verdict(headers: Readonly<Record<string, string>>, method?: string, rawUrl?: string): string | number {
  const judged = judge(headers, method, rawUrl)
  if (judged === undefined) return 'none'
  return 'answer' in judged ? judged.answer.status : 'allowed'
}

test('a client that is no browser is not judged', () => {
  expect(verdict({ authorization: 'AWS4-HMAC-SHA256 …', 'sec-fetch-mode': 'cors' })).toBe('none')
})

test.each([
  'http://localhost',
  'http://localhost:3000',
  'https://localhost:4566',
  'http://app.localhost:8080',
  'http://127.0.0.1:5173',
  'http://127.9.9.9',
  'http://[::1]:3000',
  'http://sluice.internal:4566',
  'https://app.example',
  'vscode-webview://abc',
])('a page of %s may call', (origin) => {
  expect(verdict({ origin })).toBe('allowed')
})

test.each([
  'null',
  '*',
  '',
  'localhost',
  'file://localhost',
  'ftp://localhost',
  'https://evil.example',
  'https://localhost.evil.example',
  'https://evillocalhost',
  'https://app.example.evil.example',
  'https://app.example:444',
  'http://app.example',
  'http://localhost@evil.example',
  'http://localhost/path',
  'http://10.1.2.3',
  'http://localhost:3000, https://evil.example',
])('a page of %j may not, whatever it sends', (origin) => {
  expect(verdict({ origin })).toBe(403)
  expect(verdict({ origin, 'access-control-request-method': 'POST' }, 'OPTIONS')).toBe(403)
})

test('a page of the platform itself may call when it was reached by an address', () => {
  expect(verdict({ origin: 'http://10.1.2.3:4566', host: '10.1.2.3:4566' })).toBe('allowed')
  expect(verdict({ origin: 'http://rebound.example:4566', host: 'rebound.example:4566' })).toBe(403)
})

test('a preflight hears that method and headers are welcome, without a body and without a signature', () => {
  const judged = judge(
    {
      origin: 'http://localhost:3000',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'Authorization, X-Amz-Target,x-amz-meta-colour',
    },
    'OPTIONS',
  )
  expect(judged).toEqual({
    answer: {
      status: 204,
      headers: {
        'access-control-allow-origin': 'http://localhost:3000',
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS',
        'access-control-allow-headers': 'authorization, x-amz-target, x-amz-meta-colour',
        'access-control-max-age': '7200',
        vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
      },
      body: '',
    },
  })
})

const allowedHeaders = (asked: string): string | undefined => {
  const judged = judge(
    {
      origin: 'http://localhost:3000',
      'access-control-request-method': 'POST',
      'access-control-request-headers': asked,
    },
    'OPTIONS',
  )
  return judged !== undefined && 'answer' in judged
    ? judged.answer.headers['access-control-allow-headers']
    : 'no answer'
}

test('the header that opens testing calls is not given to any page, and what is no header name is left out', () => {
  expect(allowedHeaders('X-Sluice-Testing')).toBeUndefined()
  expect(allowedHeaders('x-sluice-testing, a b, é, content-type')).toBe('content-type')
  const many = Array.from({ length: 300 }, (_, index) => `h${String(index)}`).join(',')
  expect(allowedHeaders(many)?.split(', ')).toHaveLength(100)
})

test('a page on another network may ask whether it may reach this machine, when its origin is allowed', () => {
  const asked = {
    'access-control-request-method': 'POST',
    'access-control-request-private-network': 'true',
  }
  expect(judge({ ...asked, origin: 'https://app.example' }, 'OPTIONS')).toMatchObject({
    answer: { headers: { 'access-control-allow-private-network': 'true' } },
  })
  expect(judge({ ...asked, origin: 'https://evil.example' }, 'OPTIONS')).not.toHaveProperty(
    'answer.headers.access-control-allow-private-network',
  )
})

test('OPTIONS that is no preflight is a request like any other', () => {
  expect(verdict({ origin: 'http://localhost:3000' }, 'OPTIONS')).toBe('allowed')
})

test('a page may read every header of the answer it gets', () => {
  const reply: Reply = {
    status: 200,
    headers: { 'x-amzn-requestid': 'r', 'x-amz-meta-a': 'b', etag: '"e"' },
    body: 'x',
  }
  const judged = judge({ origin: 'http://localhost:3000' })
  const seen = judged !== undefined && 'headersFor' in judged ? judged.headersFor(reply) : undefined
  expect(seen).toEqual({
    ...reply,
    headers: {
      ...reply.headers,
      'access-control-allow-origin': 'http://localhost:3000',
      'access-control-expose-headers': 'x-amzn-requestid, x-amz-meta-a, etag, content-length, date',
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
    },
  })
})

const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
const image = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }

test.each([
  { name: 'an image on a foreign page', headers: image, method: 'GET', url: '/?Action=CreateUser', is: 403 },
  { name: 'a form of a foreign page', headers: navigation, method: 'POST', url: '/', is: 403 },
  { name: 'a link to a Query call', headers: navigation, method: 'GET', url: '/?X=1&Action=CreateUser', is: 403 },
  { name: 'a link to anything else', headers: navigation, method: 'GET', url: '/_sluice/health', is: 'none' },
  { name: 'what the user typed', headers: { 'sec-fetch-site': 'none' }, method: 'GET', url: '/?Action=X', is: 'none' },
  { name: 'its own page', headers: { 'sec-fetch-site': 'same-origin' }, method: 'GET', url: '/', is: 'none' },
  {
    name: 'an image on a page of this machine',
    headers: { ...image, referer: 'http://127.0.0.1:3000/page' },
    method: 'GET',
    url: '/bucket/image.png',
    is: 'none',
  },
  {
    name: 'an image on a page that says it is foreign',
    headers: { ...image, referer: 'https://evil.example/localhost' },
    method: 'GET',
    url: '/bucket/image.png',
    is: 403,
  },
  {
    name: 'an image on another site of the same domain',
    headers: { 'sec-fetch-site': 'same-site', referer: 'http://evil.internal/' },
    method: 'GET',
    url: '/',
    is: 403,
  },
])('without an origin: $name gets $is', ({ headers, method, url, is }) => {
  expect(verdict(headers, method, url)).toBe(is)
})
