import type { Reply } from '@sluice/wire'
import { AwsError } from '#kernel/errors.ts'
import { newUuid } from '#kernel/ids.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { AdminRoutes } from '#gateway/exchange.ts'
import { asFault } from '#gateway/invoke.ts'
import type { GatewayRequest } from '#gateway/request.ts'

/** A path of the platform's own, e.g. `GET /_sluice/health`. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST'
  /** Exact, or a prefix when it ends in `/`. */
  readonly path: string
  /** `rest` is what follows the prefix, percent-decoded. */
  readonly answer: (request: GatewayRequest, rest: string, query: URLSearchParams) => Promise<Reply> | Reply
}

/** Dispatches the platform's own paths; they never collide with a service, whose paths do not begin so. */
export function adminRoutes(routes: readonly AdminRoute[], telemetry: Telemetry): AdminRoutes {
  return (request) => {
    if (!MAY_BE_OWN.test(request.head.rawUrl)) return undefined
    const url = parseUrl(request.head.rawUrl)
    if (url === undefined || !isOwnPath(url.pathname)) return undefined
    const matching = routes.filter((route) =>
      route.path.endsWith('/') ? url.pathname.startsWith(route.path) : url.pathname === route.path,
    )
    const route = matching.find(
      ({ method }) => method === request.head.method || (method === 'GET' && request.head.method === 'HEAD'),
    )
    if (route !== undefined) return answered(route, request, url, telemetry)
    return Promise.resolve(
      matching.length === 0
        ? json(404, { message: 'There is nothing at this path.' })
        : json(405, { message: 'This path takes another method.' }),
    )
  }
}

/** Few requests are worth the time that it takes to parse their URL. */
const MAY_BE_OWN = /_sluice|_localstack|livez|readyz|metrics/
const PROBES: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics'])
const isOwnPath = (path: string): boolean =>
  path.startsWith('/_sluice/') || path.startsWith('/_localstack/') || PROBES.has(path)

async function answered(route: AdminRoute, request: GatewayRequest, url: URL, telemetry: Telemetry): Promise<Reply> {
  try {
    const rest = route.path.endsWith('/') ? decoded(url.pathname.slice(route.path.length)) : ''
    return await route.answer(request, rest, url.searchParams)
  } catch (error) {
    const request = { id: newUuid(), operation: route.path, protocol: 'rest-json-1' } as const
    const { status, code, message } = asFault(error, request, telemetry)
    return json(status, { __type: code, message })
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AwsError('BadRequestException', 400, 'The path is not percent-encoded UTF-8.')
  }
}

function parseUrl(raw: string): URL | undefined {
  try {
    return new URL(raw, 'http://platform')
  } catch {
    return undefined
  }
}

export const json = (status: number, value: unknown): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: `${JSON.stringify(value)}\n`,
})
