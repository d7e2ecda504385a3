import { randomBytes, randomUUID } from 'node:crypto'

declare const brand: unique symbol
/** A value that only its own parser makes: inside, a plain string does not fit. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** Twelve digits. */
export type AccountId = Brand<string, 'AccountId'>
/** A region name such as `us-east-1`, or `aws-global` for records of global services. */
export type Region = Brand<string, 'Region'>
/** Milliseconds since 1970-01-01T00:00:00Z, on the platform's clock. */
export type EpochMillis = number

/** Where IAM and other global services keep their records. */
export const GLOBAL_REGION = 'aws-global' as Region

const ACCOUNT = /^\d{12}$/
const REGION = /^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/

/** Whether the text is twelve digits. */
export const isAccountId = (text: string): text is AccountId => ACCOUNT.test(text)
/** The pattern of AWS region names; which of them exist is not checked, so a private region name works too. */
export const isRegion = (text: string): text is Region => text.length <= 32 && REGION.test(text)

/** @throws Error when `text` is not twelve digits; callers check user input with {@link isAccountId} first. */
export function accountId(text: string): AccountId {
  if (!isAccountId(text)) throw new Error(`an account id has twelve digits, but this is ${JSON.stringify(text)}`)
  return text
}

/** @throws Error when `text` does not look like an AWS region name. */
export function region(text: string): Region {
  if (!isRegion(text))
    throw new Error(`${JSON.stringify(text)} does not look like an AWS region name, such as us-east-1`)
  return text
}

/** A random UUID: request ids, event ids, broker ids. */
export const newUuid = (): string => randomUUID()

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** `length` random characters of the alphabet that IAM ids use. */
export function randomBase32(length: number): string {
  let text = ''
  for (const byte of randomBytes(length)) text += BASE32[byte & 31]
  return text
}
