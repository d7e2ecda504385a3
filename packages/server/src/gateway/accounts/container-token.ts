import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { AccountId } from '#kernel/ids.ts'

/** What a container shows to get credentials of one account (AWS_CONTAINER_AUTHORIZATION_TOKEN). */
export interface ContainerTokens {
  /** The token of an account; the same one as long as the data directory lives. */
  of(account: AccountId): string
  /** Compares in constant time. */
  isGood(account: AccountId, token: string): boolean
}

/** Tokens derived from `key`, so that none is stored and one of an account says nothing about another's. */
export function containerTokens(key: Uint8Array): ContainerTokens {
  const signingKey = Buffer.from(hkdfSync('sha256', key, '', 'sluice container credentials', 32))
  const of = (account: AccountId): string => createHmac('sha256', signingKey).update(account).digest('base64url')
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return { of, isGood: (account, token) => timingSafeEqual(hash(token), hash(of(account))) }
}
