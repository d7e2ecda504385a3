import { type Reply, type RequestHead, identifyHead } from '@sluice/wire'
import type { AllowedPage, BucketPages } from '#kernel/bucket-pages.ts'
import type { CrossOrigin } from '#gateway/cors.ts'

interface Options {
  readonly hosts: readonly string[]
  readonly bucketPages: BucketPages | undefined
}

/**
 * Lets a page in that the platform would refuse, where it asks for a bucket whose rules name its origin: for what the
 * rules allow, and nothing but that bucket.
 */
export async function withBuckets(
  judged: CrossOrigin | undefined,
  head: RequestHead,
  { hosts, bucketPages }: Options,
): Promise<CrossOrigin | undefined> {
  const { origin } = head.headers
  const isRefused = judged !== undefined && 'answer' in judged && judged.answer.status === REFUSED
  if (!isRefused || origin === undefined || bucketPages === undefined) return judged
  const asked = head.method === 'OPTIONS' ? head.headers['access-control-request-method'] : undefined
  const method = asked ?? head.method
  const bucket = bucketOf({ ...head, method }, hosts)
  if (bucket === undefined) return judged
  const headers = asked === undefined ? [] : askedHeaders(head)
  const allowed = await bucketPages(bucket, { origin, method, headers })
  if (allowed === undefined) return judged
  return asked === undefined
    ? { headersFor: (reply) => readable(reply, origin, allowed) }
    : { answer: preflight(origin, headers, allowed) }
}

const REFUSED = 403

/** The bucket that S3 alone would be asked for. */
function bucketOf(head: RequestHead, hosts: readonly string[]): string | undefined {
  const identified = identifyHead(head, { hosts })
  if (identified.kind !== 'operation' || identified.operation.service !== 's3') return undefined
  return identified.operation.labels?.['Bucket']
}

const askedHeaders = ({ headers }: RequestHead): readonly string[] =>
  (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')

function preflight(origin: string, headers: readonly string[], page: AllowedPage): Reply {
  return {
    status: 200,
    headers: {
      ...allowOrigin(origin, page),
      'access-control-allow-methods': page.methods.join(', '),
      ...(headers.length === 0 ? {} : { 'access-control-allow-headers': headers.join(', ') }),
      ...(page.maxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(page.maxAgeSeconds) }),
    },
    body: '',
  }
}

const readable = (reply: Reply, origin: string, page: AllowedPage): Reply => ({
  ...reply,
  headers: {
    ...reply.headers,
    ...allowOrigin(origin, page),
    ...(page.exposedHeaders.length === 0 ? {} : { 'access-control-expose-headers': page.exposedHeaders.join(', ') }),
  },
})

/** @source Amazon S3 user guide, "How does Amazon S3 evaluate the CORS configuration on a bucket?" */
const allowOrigin = (origin: string, { isForAll }: AllowedPage): Readonly<Record<string, string>> => ({
  'access-control-allow-origin': isForAll ? '*' : origin,
  ...(isForAll ? {} : { 'access-control-allow-credentials': 'true' }),
  vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
})
