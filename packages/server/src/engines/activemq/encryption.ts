import { createCipheriv, pbkdf2 as pbkdf2Callback, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

const pbkdf2 = promisify(pbkdf2Callback)

/** The algorithm as ActiveMQ's login module is told it. */
export const ENCRYPTION_ALGORITHM = 'PBEWithHMACSHA256AndAES_256'

/** @source jasypt 1.9.3: salt and vector of one block each, 1000 rounds, both before the text, all in Base64 */
const BLOCK_BYTES = 16
const ROUNDS = 1_000
const KEY_BYTES = 32

/** A value for ActiveMQ's encrypted properties, `ENC(…)`; `password` must be ASCII. */
export async function encryptProperty(value: string, password: string): Promise<string> {
  const salt = randomBytes(BLOCK_BYTES)
  const vector = randomBytes(BLOCK_BYTES)
  const key = await pbkdf2(password, salt, ROUNDS, KEY_BYTES, 'sha256')
  const cipher = createCipheriv('aes-256-cbc', key, vector)
  const sealed = Buffer.concat([salt, vector, cipher.update(value, 'utf8'), cipher.final()])
  return `ENC(${sealed.toString('base64')})`
}
