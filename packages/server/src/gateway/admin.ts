import type { Reply } from '@sluice/wire'
import { messageOf } from '#kernel/errors.ts'
import type { AdminRoutes } from '#gateway/http.ts'
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
export function adminRoutes(routes: readonly AdminRoute[]): AdminRoutes {
  return (request) => {
    const url = parseUrl(request.head.rawUrl)
    if (url === undefined || !isOwnPath(url.pathname)) return undefined
    const matching = routes.filter((route) => (route.path.endsWith('/') ? url.pathname.startsWith(route.path) : url.pathname === route.path))
    const route = matching.find(({ method }) => method === request.head.method || (method === 'GET' && request.head.method === 'HEAD'))
    if (route === undefined) return Promise.resolve(json(matching.length === 0 ? 404 : 405, { message: 'There is nothing at this path.' }))
    return answered(route, request, url)
  }
}

const PROBES: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics'])
const isOwnPath = (path: string): boolean => path.startsWith('/_sluice/') || path.startsWith('/_localstack/') || PROBES.has(path)

async function answered(route: AdminRoute, request: GatewayRequest, url: URL): Promise<Reply> {
  try {
    const rest = route.path.endsWith('/') ? decodeURIComponent(url.pathname.slice(route.path.length)) : ''
    return await route.answer(request, rest, url.searchParams)
  } catch (error) {
    const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500
    return json(status, { message: messageOf(error) })
  }
}

function parseUrl(raw: string): URL | undefined {
  try {
    return new URL(raw, 'http://platform')
  } catch {
    return undefined
  }
}

export const json = (status: number, value: unknown): Reply => ({ status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` })
