import type { Reply, RequestHead } from '@sluice/wire'
import { type ConnectionLimits, MAX_HEADERS } from '#gateway/connection-limits.ts'
import type { CorsPolicy } from '#gateway/cors.ts'
import { isKnownHost } from '#gateway/hosts.ts'
import { plainReply, refusalReply } from '#gateway/refusal.ts'

/** An answer instead of the platform's, and whether the connection ends with it. */
export interface Turned {
  readonly reply: Reply
  readonly close: boolean
}

/** Names in lower case; repeated headers joined by commas, as signatures canonicalise them. */
export function joinHeaders(raw: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase()
    const value = raw[at + 1] as string
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`
  }
  return headers
}

/** What can be said from a request's head alone; `undefined`: let it come. */
export function turnAway(
  head: RequestHead,
  headerCount: number,
  pending: number,
  { cors, limits }: { readonly cors: CorsPolicy; readonly limits: ConnectionLimits },
): Turned | undefined {
  const { host, authorization, 'transfer-encoding': coding } = head.headers
  if (headerCount > MAX_HEADERS) return last(head, 431, `The request has more than ${String(MAX_HEADERS)} headers.`)
  if (pending > limits.pipelined)
    return last(head, 503, 'Too many requests of this connection are under way; wait for their answers.')
  if (host === undefined || host.includes(',')) return last(head, 400, 'A request names exactly one host.')
  // Other codings come before `chunked` or not at all; nobody sends them, and to guess where a body ends is how requests are smuggled.
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    return { reply: plainReply(501, 'The only transfer coding that is understood is chunked.\n'), close: true }
  if (isKnownHost(host, cors.host) || authorization !== undefined || PRESIGNED.test(head.rawUrl)) return undefined
  return { reply: plainReply(403, FOREIGN_HOST), close: false }
}

/** The signature of a presigned URL, of version 4 or 2. */
const PRESIGNED = /[?&](?:X-Amz-Signature|Signature)=/

const FOREIGN_HOST = 'This host name is not one of the platform. Sign the request, or use the configured host name.\n'

const last = (head: RequestHead, status: number, message: string): Turned => ({
  reply: refusalReply(head, { status, message }),
  close: true,
})
