import { randomBytes } from 'node:crypto'
import { type AccountId, isAccountId, randomBase32 } from '#kernel/ids.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const KEY_PREFIX = 'AKIA'
const ACCESS_KEY_ID = /^AKIA[A-Z2-7]{16}$/
const USER_ID_CHARS = 17
const SECRET_BYTES = 30

/** `AIDA` and 17 characters. */
export const newUserId = (): string => `AIDA${randomBase32(USER_ID_CHARS)}`

/** 40 characters of the alphabet of AWS's secrets, 240 random bits. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64')

/**
 * `AKIA` and 16 characters of base32: 80 bits, of which the first is set, the next 40 are the account, and the rest is random.
 * That is AWS's own layout since 2019, so tools that read the account out of a key id work.
 */
export function newAccessKeyId(account: AccountId): string {
  const random = BigInt(`0x${randomBytes(5).toString('hex')}`) & ((1n << 39n) - 1n)
  let bits = (1n << 79n) | (BigInt(account) << 39n) | random
  let text = ''
  for (let index = 0; index < 16; index++) {
    text = `${BASE32[Number(bits & 31n)] ?? ''}${text}`
    bits >>= 5n
  }
  return KEY_PREFIX + text
}

/** The account inside an access key id. `undefined`: not of this layout. */
export function accountOfAccessKeyId(id: string): AccountId | undefined {
  if (!ACCESS_KEY_ID.test(id)) return undefined
  let bits = 0n
  for (const character of id.slice(KEY_PREFIX.length)) bits = (bits << 5n) | BigInt(BASE32.indexOf(character))
  const account = ((bits >> 39n) & ((1n << 40n) - 1n)).toString().padStart(12, '0')
  return isAccountId(account) ? account : undefined
}
