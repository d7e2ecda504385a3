import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { EpochMillis } from '#kernel/ids.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { AccountRecord, LoginRecord, PasswordPolicyRecord } from '#services/iam/records.ts'

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>
const SALT_BYTES = 16
const KEY_BYTES = 32

/** What AWS asks of passwords where the account has no policy of its own. */
const DEFAULT_LENGTH = 8
const SYMBOLS = /[!@#$%^&*()_+\-=[\]{}|']/

async function hashed(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  return Buffer.concat([salt, await derive(password, salt, KEY_BYTES)]).toString('base64')
}

async function isPassword(hash: string, password: string): Promise<boolean> {
  const bytes = Buffer.from(hash, 'base64')
  const key = await derive(password, bytes.subarray(0, SALT_BYTES), KEY_BYTES)
  return timingSafeEqual(key, bytes.subarray(SALT_BYTES))
}

/** Whether it is the password in force. */
export const isCurrent = (login: LoginRecord, password: string): Promise<boolean> =>
  isPassword(login.hashes[0] ?? '', password)

/**
 * A login profile with a new password.
 * @throws AwsError PasswordPolicyViolation
 */
export async function withPassword(
  login: LoginRecord | undefined,
  password: string,
  account: AccountRecord | undefined,
  { resetRequired, now }: { readonly resetRequired: boolean; readonly now: EpochMillis },
): Promise<LoginRecord> {
  const policy = account?.passwordPolicy
  checkPassword(password, policy)
  const remembered = (login?.hashes ?? []).slice(0, policy?.reusePrevention ?? 0)
  for (const hash of remembered)
    if (await isPassword(hash, password)) throw iamErrors.passwordViolation('it was used before')
  const hashes = [await hashed(password), ...(login?.hashes ?? [])].slice(0, MOST_REMEMBERED)
  return { createdAt: login?.createdAt ?? now, changedAt: now, resetRequired, hashes }
}

/** The model allows a policy to look at 24 earlier passwords. */
const MOST_REMEMBERED = 25

function checkPassword(password: string, policy: PasswordPolicyRecord | undefined): void {
  const least = policy?.minimumLength ?? DEFAULT_LENGTH
  const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/, SYMBOLS].filter((kind) => kind.test(password)).length
  const rules: readonly (readonly [boolean, string])[] = [
    [password.length < least, `it must be at least ${String(least)} characters long`],
    [policy === undefined && kinds < 3, 'it must have three of: uppercase, lowercase, numbers, symbols'],
    [policy?.upperCase === true && !/[A-Z]/.test(password), 'it must have an uppercase letter'],
    [policy?.lowerCase === true && !/[a-z]/.test(password), 'it must have a lowercase letter'],
    [policy?.numbers === true && !/[0-9]/.test(password), 'it must have a number'],
    [policy?.symbols === true && !SYMBOLS.test(password), 'it must have a symbol'],
  ]
  for (const [broken, rule] of rules) if (broken) throw iamErrors.passwordViolation(rule)
}
