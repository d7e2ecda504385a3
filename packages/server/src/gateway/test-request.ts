import type { RequestHead } from '@sluice/wire'
import type { GatewayRequest } from '#gateway/request.ts'

/** For tests: a request as the server hands it on. */
export const requestOf = (head: Partial<RequestHead> = {}, body: string | Uint8Array = ''): GatewayRequest => ({
  head: { method: 'GET', rawUrl: '/', headers: {}, ...head },
  body: typeof body === 'string' ? Buffer.from(body) : body,
  source: { ip: '127.0.0.1', userAgent: 'test' },
  signal: new AbortController().signal,
})
