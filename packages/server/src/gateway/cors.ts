import { isIP } from 'node:net'
import type { Reply, RequestHead } from '@sluice/wire'

/** Which web pages may talk to the platform. */
export interface CorsPolicy {
  /** The address or name the platform listens on. */
  readonly host: string
  /** Further origins, as browsers send them. */
  readonly origins: readonly string[]
}

/** What a browser's request gets: an answer at once, or headers that let the page read the answer of the platform. */
export type CrossOrigin = { readonly answer: Reply } | { readonly headersFor: (reply: Reply) => Reply }

/**
 * Judges a request by the page it comes from; `undefined` when no page is involved. Nothing is verified yet: a page
 * of a foreign origin must not even reach the signature, since on loopback everyone knows the key test/test.
 */
export function crossOrigin(head: RequestHead, policy: CorsPolicy): CrossOrigin | undefined {
  const { origin } = head.headers
  if (origin === undefined) return isForeignRequest(head, policy) ? { answer: REFUSED } : undefined
  if (!isAllowed(origin, head, policy)) return { answer: REFUSED }
  const asked = head.headers['access-control-request-method']
  if (head.method === 'OPTIONS' && asked !== undefined) return { answer: preflight(origin, head) }
  return { headersFor: (reply) => readable(reply, origin) }
}

const REFUSED: Reply = {
  status: 403,
  headers: { 'content-type': 'text/plain; charset=utf-8', vary: 'Origin' },
  body: 'Web pages of this origin may not call the platform. Add the origin to the setting corsOrigins (SLUICE_CORS_ORIGINS) to let them.\n',
}

const SAME_SITE: ReadonlySet<string> = new Set(['same-origin', 'none'])

/**
 * Images, forms and links carry no Origin, but browsers say that another site made them. A link that a user follows is
 * fine, unless it is a call of the Query protocol, which changes things with GET too.
 */
function isForeignRequest(head: RequestHead, policy: CorsPolicy): boolean {
  const site = head.headers['sec-fetch-site']
  if (site === undefined || SAME_SITE.has(site)) return false
  const page = originOf(head.headers['referer'])
  if (page !== undefined && isAllowed(page, head, policy)) return false
  const followed = head.method === 'GET' && head.headers['sec-fetch-mode'] === 'navigate'
  return !followed || /[?&]Action=/.test(head.rawUrl)
}

function isAllowed(origin: string, head: RequestHead, policy: CorsPolicy): boolean {
  if (policy.origins.includes(origin)) return true
  const url = URL.parse(origin)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.origin !== origin) return false
  const name = url.hostname.replace(/^\[|\]$/g, '')
  if (isLocal(name) || name === policy.host.toLowerCase()) return true
  // A page of the platform itself, reached by an address: only a name can be made to point here by somebody else.
  return isIP(name) !== 0 && url.host === head.headers['host']
}

const isLocal = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))

const originOf = (referer: string | undefined): string | undefined =>
  referer === undefined ? undefined : (URL.parse(referer)?.origin ?? undefined)

/** How long a browser may remember the answer, in seconds; Chromium's limit. */
const REMEMBERED_SECONDS = '7200'
const METHODS = 'GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS'
const MAX_ASKED_HEADERS = 100
const TOKEN = /^[\w!#$%&'*+.^`|~-]{1,128}$/
/** The header that opens the testing calls. */
const NEVER_FOR_PAGES = 'x-sluice-testing'

function preflight(origin: string, { headers }: RequestHead): Reply {
  const asked = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => TOKEN.test(name) && name !== NEVER_FOR_PAGES)
  return {
    status: 204,
    headers: {
      ...allowOrigin(origin),
      'access-control-allow-methods': METHODS,
      'access-control-max-age': REMEMBERED_SECONDS,
      ...(asked.length === 0 ? {} : { 'access-control-allow-headers': asked.slice(0, MAX_ASKED_HEADERS).join(', ') }),
      ...(headers['access-control-request-private-network'] === 'true'
        ? { 'access-control-allow-private-network': 'true' }
        : {}),
    },
    body: '',
  }
}

/** A page reads only the headers that are named to it; it gets all that the answer has, request ids and user metadata alike. */
const readable = (reply: Reply, origin: string): Reply => ({
  ...reply,
  headers: {
    ...reply.headers,
    ...allowOrigin(origin),
    'access-control-expose-headers': [...Object.keys(reply.headers), 'content-length', 'date'].join(', '),
  },
})

const allowOrigin = (origin: string): Readonly<Record<string, string>> => ({
  'access-control-allow-origin': origin,
  vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
})
