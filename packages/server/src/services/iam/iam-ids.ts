import { randomBytes } from 'node:crypto'
import { type AccountId, isAccountId, randomBase32 } from '#kernel/ids.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const PREFIX_CHARS = 4
const ACCESS_KEY_ID = /^A[KS]IA[A-Z2-7]{16}$/
const UNIQUE_ID_CHARS = 17
const SECRET_BYTES = 30

/** What a unique id begins with: users, groups, roles, managed policies, instance profiles, server certificates. */
export type IdPrefix = 'AIDA' | 'AGPA' | 'AROA' | 'ANPA' | 'AIPA' | 'ASCA'

/** The prefix and 17 characters; an id is never used again. */
export const newUniqueId = (prefix: IdPrefix): string => `${prefix}${randomBase32(UNIQUE_ID_CHARS)}`

/** 40 characters of the alphabet of AWS's secrets, 240 random bits. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64')

/**
 * The prefix (`ASIA`: temporary) and 16 characters of base32: 80 bits, of which the first is set, the next 40 are the account, and the rest is random.
 * That is AWS's own layout since 2019, so tools that read the account out of a key id work.
 */
export function newAccessKeyId(account: AccountId, prefix: 'AKIA' | 'ASIA' = 'AKIA'): string {
  const random = BigInt(`0x${randomBytes(5).toString('hex')}`) & ((1n << 39n) - 1n)
  let bits = (1n << 79n) | (BigInt(account) << 39n) | random
  let text = ''
  for (let index = 0; index < 16; index++) {
    text = `${BASE32[Number(bits & 31n)] ?? ''}${text}`
    bits >>= 5n
  }
  return prefix + text
}

/** The account inside an access key id. `undefined`: not of this layout. */
export function accountOfAccessKeyId(id: string): AccountId | undefined {
  if (!ACCESS_KEY_ID.test(id)) return undefined
  let bits = 0n
  for (const character of id.slice(PREFIX_CHARS)) bits = (bits << 5n) | BigInt(BASE32.indexOf(character))
  const account = ((bits >> 39n) & ((1n << 40n) - 1n)).toString().padStart(12, '0')
  return isAccountId(account) ? account : undefined
}
