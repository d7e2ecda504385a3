import { expect, test } from 'vitest'
import type { RequestHead } from '../request.ts'
import { type FramedRequest, framedRequest, read } from './testing/chunked-body.ts'
import { ACCESS_KEY_ID, faultOf } from './testing/s3-request.ts'

/** The examples of the S3 API reference for bodies in chunks: 66,560 times the letter a, in chunks of 64 KiB and 1 KiB. */
const CONTENT = Buffer.alloc(66_560, 'a')
const HEADERS = {
  host: 's3.amazonaws.com',
  'content-encoding': 'aws-chunked',
  'x-amz-date': '20130524T000000Z',
  'x-amz-decoded-content-length': '66560',
  'x-amz-storage-class': 'REDUCED_REDUNDANCY',
}

interface Example {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  readonly seed: string
  readonly chunks: readonly [string, string, string]
  readonly trailers: readonly string[]
  readonly contentLength: number
}

const examples: readonly Example[] = [
  {
    name: 'transferring payload in multiple chunks',
    headers: {
      ...HEADERS,
      'content-length': '66824',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    },
    seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    chunks: [
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ],
    trailers: [],
    contentLength: 66_824,
  },
  {
    name: 'including trailing headers',
    headers: {
      ...HEADERS,
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'x-amz-trailer': 'x-amz-checksum-crc32c',
    },
    seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
    chunks: [
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
    ],
    trailers: [
      'x-amz-checksum-crc32c:sOO8/Q==',
      'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
    ],
    contentLength: 66_946,
  },
]

function requestOf({ headers, seed, chunks, trailers }: Example): FramedRequest {
  const names = Object.keys(headers).sort().join(';')
  const authorization = `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY_ID}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${names},Signature=${seed}`
  const head: RequestHead = {
    method: 'PUT',
    rawUrl: '/examplebucket/chunkObject.txt',
    headers: { ...headers, authorization },
  }
  const [first, second, last] = chunks
  const text =
    `10000;chunk-signature=${first}\r\n${CONTENT.toString('latin1', 0, 65_536)}\r\n` +
    `400;chunk-signature=${second}\r\n${CONTENT.toString('latin1', 65_536)}\r\n` +
    `0;chunk-signature=${last}\r\n${trailers.map((line) => `${line}\r\n`).join('')}\r\n`
  return { head, body: Buffer.from(text, 'latin1') }
}

test.each(examples)('$name: read and verified', async (example) => {
  const request = requestOf(example)
  expect(request.body).toHaveLength(example.contentLength)
  const { content, summary } = await read(request)
  expect(content.equals(CONTENT)).toBe(true)
  expect(summary.length).toBe(66_560)
  const checksum = { algorithm: 'crc32c', value: 'sOO8/Q==' }
  expect(summary.checksum).toEqual(example.trailers.length === 0 ? undefined : checksum)
})

test.each(examples)('$name: each signature in it is compared', async (example) => {
  const { head, body } = requestOf(example)
  const signatures = [...example.chunks, ...example.trailers.slice(1).map((line) => line.slice(-64))]
  for (const signature of signatures) {
    const changed = `${signature.slice(0, -1)}${signature.endsWith('0') ? '1' : '0'}`
    const other = Buffer.from(body.toString('latin1').replace(signature, changed), 'latin1')
    const fault = await faultOf(() => read({ head, body: other }))
    expect(fault).toMatchObject({
      code: 'SignatureDoesNotMatch',
      status: 403,
      members: { AWSAccessKeyId: ACCESS_KEY_ID, SignatureProvided: changed },
    })
  }
})

test('the requests of the other tests are made as the published ones', () => {
  const [plain, trailing] = examples.map(requestOf)
  const sizes = [65_536, 1_024]
  const headers = { ...HEADERS, 'content-length': '66824' }
  expect(framedRequest(CONTENT, { signed: true, sizes, headers })).toEqual(plain)
  const trailers = { 'x-amz-checksum-crc32c': 'sOO8/Q==' }
  expect(framedRequest(CONTENT, { signed: true, sizes, trailers, headers: HEADERS })).toEqual(trailing)
})
