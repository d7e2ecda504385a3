import type { HostileRequest } from './captured.ts'
import { type Mutation, withHeader, withUrl } from './mutation.ts'
import type { Random } from './random.ts'

const DATES = [
  '',
  'x',
  '20261121',
  '20260230T100000Z',
  '99991231T235959Z',
  '00000101T000000Z',
  '20261121T100000',
  'Sat, 21 Nov 2026 10:00:00 GMT',
  '1e9',
]
const CREDENTIALS = [
  '',
  '/',
  'A/20261121/us-east-1',
  'A/20261121/us-east-1/none/aws4_request',
  'A/x/y/z/aws4_request',
  '////',
  `${'A'.repeat(600)}/20261121/us-east-1/logs/aws4_request`,
  '__proto__/20261121/us-east-1/iam/aws4_request',
]

/** Mutations of what says who signed a request. */
export const SIGNATURE_MUTATIONS: readonly Mutation[] = [
  ofAuthorization('no signature', () => undefined),
  ofAuthorization('another algorithm', (text, random) =>
    text.replace(/^\S+/, random.pick(['AWS4-HMAC-SHA1', 'AWS', 'Basic', 'Bearer', '', 'AWS4-ECDSA-P256-SHA256'])),
  ),
  ofAuthorization('a digit changed', (text, random) =>
    text.replace(/.$/, (digit) => (digit === '0' ? '1' : random.pick(['0', 'F', 'é', '']))),
  ),
  ofAuthorization('another credential', (text, random) =>
    text.replace(/Credential=[^,]*/, `Credential=${random.pick(CREDENTIALS)}`),
  ),
  ofAuthorization('another scope', (text, random) =>
    text.replace(
      /(Credential=[^/]*\/)\d+\/[^/]+\/[^/]+/,
      `$1${random.pick(['20261121/us-east-1/logs', '20261121/us-east-1/iam', '19990101/us-east-1/s3', '20261121/__proto__/sts', '20261121/UPPER!/mq'])}`,
    ),
  ),
  ofAuthorization('fewer signed headers', (text, random) =>
    text.replace(
      /SignedHeaders=[^,]*/,
      `SignedHeaders=${random.pick(['', 'host', ';', 'Host', 'x-amz-date;host', 'host;host', 'a;'.repeat(500)])}`,
    ),
  ),
  ofAuthorization('cut short', (text, random) => text.slice(0, random.int(text.length))),
  ofAuthorization('in two', (text) => `${text},${text}`),
  {
    name: 'signature: another date',
    mutate: (request, random) => withHeader(request, 'x-amz-date', random.once(6) ? undefined : random.pick(DATES)),
  },
  {
    name: 'signature: another hash of the body',
    mutate: (request, random) => withHeader(request, 'x-amz-content-sha256', random.pick(['', 'x', '0'.repeat(64)])),
  },
  {
    name: 'signature: another session',
    mutate: (request, random) =>
      withHeader(request, 'x-amz-security-token', random.pick(['', 'x', '%', 'a'.repeat(9_000)])),
  },
  {
    name: 'signature: presigned, not quite',
    mutate(request, random) {
      const parts = [
        'X-Amz-Algorithm=AWS4-HMAC-SHA256',
        `X-Amz-Credential=${encodeURIComponent(random.pick(CREDENTIALS))}`,
        `X-Amz-Date=${random.pick(DATES)}`,
        `X-Amz-Expires=${random.pick(['0', '-1', '1e9', '604801', '60', ''])}`,
        'X-Amz-SignedHeaders=host',
        `X-Amz-Signature=${random.pick(['', 'x', '0'.repeat(64)])}`,
      ]
      const kept = parts.filter(() => !random.once(5))
      const { rawUrl } = request.head
      return withUrl(
        withHeader(request, 'authorization', undefined),
        `${rawUrl}${rawUrl.includes('?') ? '&' : '?'}${kept.join('&')}`,
      )
    },
  },
]

function ofAuthorization(name: string, change: (text: string, random: Random) => string | undefined): Mutation {
  return {
    name: `signature: ${name}`,
    mutate(request: HostileRequest, random: Random) {
      const text = request.head.headers['authorization']
      return text === undefined ? undefined : withHeader(request, 'authorization', change(text, random))
    },
  }
}
