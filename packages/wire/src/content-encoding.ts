import { gunzipSync } from 'node:zlib'
import { Malformed } from './reading/cursor.ts'
import type { RequestHead } from './request.ts'

/** Largest body that a compressed one may unfold to. */
const MAX_UNFOLDED_BYTES = 16 * 1024 * 1024

/**
 * A body without its compression.
 * @throws Malformed when it is compressed in another way than gzip, is not what it says, or unfolds to too much
 */
export function unfold(head: RequestHead, body: Uint8Array): Uint8Array {
  const encoding = head.headers['content-encoding']?.trim().toLowerCase()
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body
  if (encoding !== 'gzip') throw new Malformed('The content encoding is not supported; send gzip or none', '')
  try {
    return gunzipSync(body, { maxOutputLength: MAX_UNFOLDED_BYTES })
  } catch {
    throw new Malformed(`The request body is not gzip, or unfolds to more than ${String(MAX_UNFOLDED_BYTES)} bytes`, '')
  }
}
