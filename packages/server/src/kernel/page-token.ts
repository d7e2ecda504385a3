import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Clock } from '#kernel/clock.ts'

const VERSION = 1
/** How long a token is good for, in milliseconds (24 hours, as CloudWatch Logs says of its own). */
export const PAGE_TOKEN_MILLIS: number = 24 * 60 * 60 * 1_000
/** 128 bits each: enough against forgery, and a token with a name of 128 characters fits IAM's Marker of 320. */
const MAC_BYTES = 16
const HASH_BYTES = 16
/** Longest token that is looked at. */
const MAX_TOKEN_CHARS = 8_192

/** Why a token was not taken; clients are only told that it is invalid. */
export type InvalidPageTokenReason = 'malformed' | 'forged' | 'other-call' | 'expired'

/** A page token that was changed, has expired, or belongs to another operation or other parameters. */
export class InvalidPageToken extends Error {
  readonly reason: InvalidPageTokenReason

  constructor(reason: InvalidPageTokenReason) {
    super(`the page token is not valid (${reason})`)
    this.name = 'InvalidPageToken'
    this.reason = reason
  }
}

/** Issues and reads the opaque tokens of paged answers. */
export interface PageTokens {
  /**
   * `parameters`: whatever must be the same on the next page, as JSON (account, region, prefix, …; page sizes may change).
   * `last`: where the next page continues, at most about 4,000 characters; readable by the client, but not changeable.
   */
  issue(operation: string, parameters: unknown, last: string): string
  /**
   * The `last` of a token that was issued for the same operation and parameters.
   * @throws InvalidPageToken
   */
  read(operation: string, parameters: unknown, token: string): string
}

interface Content {
  readonly v: number
  readonly o: string
  readonly h: string
  readonly k: string
  readonly e: number
}

/** Page tokens signed with a key derived from `key`; they stay good over a restart. */
export function pageTokens(key: Uint8Array, clock: Clock): PageTokens {
  const signingKey = Buffer.from(hkdfSync('sha256', key, '', 'sluice page tokens', 32))
  const sign = (body: Uint8Array): Buffer =>
    createHmac('sha256', signingKey).update(body).digest().subarray(0, MAC_BYTES)

  return {
    issue(operation, parameters, last) {
      const content: Content = {
        v: VERSION,
        o: operation,
        h: hashOf(parameters),
        k: last,
        e: clock.now() + PAGE_TOKEN_MILLIS,
      }
      const body = Buffer.from(JSON.stringify(content))
      return Buffer.concat([body, sign(body)]).toString('base64url')
    },
    read(operation, parameters, token) {
      if (token.length > MAX_TOKEN_CHARS) throw new InvalidPageToken('malformed')
      const bytes = Buffer.from(token, 'base64url')
      // Node skips what is no base64url, so a changed token could decode to the same bytes.
      if (bytes.length <= MAC_BYTES || bytes.toString('base64url') !== token) throw new InvalidPageToken('malformed')
      const body = bytes.subarray(0, -MAC_BYTES)
      if (!timingSafeEqual(bytes.subarray(-MAC_BYTES), sign(body))) throw new InvalidPageToken('forged')
      // Signed by us, so its shape is known; only the version may be another.
      const content = JSON.parse(body.toString()) as Content
      if (content.v !== VERSION) throw new InvalidPageToken('malformed')
      if (content.o !== operation || content.h !== hashOf(parameters)) throw new InvalidPageToken('other-call')
      if (content.e <= clock.now()) throw new InvalidPageToken('expired')
      return content.k
    },
  }
}

const hashOf = (parameters: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(parameters, sortMembers) ?? '')
    .digest()
    .subarray(0, HASH_BYTES)
    .toString('base64url')

/** Members in one order, so that equal parameters hash alike however they were put together. */
function sortMembers(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
