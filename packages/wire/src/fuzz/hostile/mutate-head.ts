import { type Mutation, withHeader, withUrl } from './mutation.ts'

const TYPES = [
  'application/x-amz-json-1.0',
  'application/x-amz-json-1.1',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-16',
  'application/xml',
  'application/cbor',
  'text/plain',
  'multipart/form-data; boundary=x',
  '',
  ';',
]
const TARGETS = [
  '',
  '.',
  'Logs_20140328',
  'Logs_20140328.',
  '.PutLogEvents',
  'Logs_20140328.__proto__',
  'Logs_20140328.constructor',
  '__proto__.PutLogEvents',
  'AWSEvents.MakeCoffee',
  'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents',
  `Logs_20140328.${'a'.repeat(4_000)}`,
]
const BITS = [
  '%',
  '%zz',
  '%ff',
  '%ED%A0%80',
  '%00',
  '%2f..%2f',
  '//',
  '/../',
  '?',
  '?a=%',
  '&x=%ff',
  ';',
  '{',
  'é',
  '__proto__',
  '/constructor',
]
const VALUES = [
  '',
  'x',
  '-1',
  '1.5',
  '99999999999999999999',
  'NaN',
  'maybe',
  'Sat, 99 Foo 2026 10:00:00 GMT',
  '=?UTF-8?B?!?=',
  ',',
  ',,,',
  '"',
  'é',
  '__proto__',
  'a'.repeat(5_000),
]
/** What identifies a request and signs it has mutations of its own. */
const OTHERS =
  /^(?:host|authorization|x-amz-date|x-amz-target|x-amz-security-token|x-amz-content-sha256|content-type|content-encoding|smithy-protocol)$/

/** Mutations of the request line and of headers; those of signatures are in mutate-signature.ts. */
export const HEAD_MUTATIONS: readonly Mutation[] = [
  {
    name: 'head: another content type',
    mutate: (request, random) => withHeader(request, 'content-type', random.once(3) ? undefined : random.pick(TYPES)),
  },
  {
    name: 'head: another target',
    mutate: (request, random) =>
      request.head.headers['x-amz-target'] === undefined && !random.once(10)
        ? undefined
        : withHeader(request, 'x-amz-target', random.once(6) ? undefined : random.pick(TARGETS)),
  },
  {
    name: 'head: another method',
    mutate: (request, random) => ({
      ...request,
      head: { ...request.head, method: random.pick(['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'X']) },
    }),
  },
  {
    name: 'head: a path or query with something in it',
    mutate(request, random) {
      const { rawUrl } = request.head
      const at = 1 + random.int(rawUrl.length)
      return withUrl(request, `${rawUrl.slice(0, at)}${random.pick(BITS)}${rawUrl.slice(at)}`)
    },
  },
  {
    name: 'head: a path or query cut short',
    mutate: (request, random) =>
      withUrl(request, request.head.rawUrl.slice(0, 1 + random.int(request.head.rawUrl.length))),
  },
  {
    name: 'head: a query parameter of another value',
    mutate(request, random) {
      const [path = '', query] = request.head.rawUrl.split('?')
      if (query === undefined) return undefined
      const pairs = query.split('&')
      const chosen = random.int(pairs.length)
      const changed = pairs.flatMap((pair, index) => {
        if (index !== chosen) return [pair]
        return random.once(3)
          ? [pair, pair]
          : [`${pair.split('=')[0] ?? ''}=${encodeURIComponent(random.pick(VALUES))}`]
      })
      return withUrl(request, `${path}?${changed.join('&')}`)
    },
  },
  {
    name: 'head: a thousand query parameters',
    mutate: (request) =>
      withUrl(request, `${request.head.rawUrl}${request.head.rawUrl.includes('?') ? '&' : '?'}${'a=b&'.repeat(1_001)}`),
  },
  {
    name: 'head: a label of another value',
    mutate(request, random) {
      const [path = '', ...query] = request.head.rawUrl.split('?')
      const segments = path.split('/')
      if (segments.length < 3) return undefined
      segments[1 + random.int(segments.length - 1)] = encodeURIComponent(random.pick(VALUES))
      return withUrl(request, [segments.join('/'), ...query].join('?'))
    },
  },
  {
    name: 'head: a header of another value',
    mutate(request, random) {
      const names = Object.keys(request.head.headers).filter((name) => !OTHERS.test(name))
      return names.length === 0 ? undefined : withHeader(request, random.pick(names), random.pick(VALUES))
    },
  },
  {
    name: 'head: a header less',
    mutate(request, random) {
      const names = Object.keys(request.head.headers).filter((name) => name !== 'authorization')
      return names.length === 0 ? undefined : withHeader(request, random.pick(names), undefined)
    },
  },
  {
    name: 'head: the path of an RPC',
    mutate: (request, random) =>
      withUrl(
        withHeader(request, 'smithy-protocol', random.pick(['rpc-v2-cbor', 'rpc-v2-json', ''])),
        random.pick([
          '/service/x/operation/y',
          '/service/__proto__/operation/x',
          '/service/GraniteServiceVersion20100801/operation/constructor',
          '/service//operation/',
        ]),
      ),
  },
]
