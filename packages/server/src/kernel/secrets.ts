import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Seals secrets that a record must carry (broker passwords, access keys), so that none is readable in the data directory's records. */
export interface Sealer {
  /** AES-256-GCM; `context` must be the same when opened, so a sealed text cannot be moved to another record. */
  seal(secret: string, context: string): string
  /** @throws Error when the text was changed, moved, or sealed under another key. */
  open(sealed: string, context: string): string
}

/** A sealer with the key of `file`; the file (0600) is made with a random key when it is missing. */
export function fileSealer(file: string): Sealer {
  return keySealer(readOrCreateKey(file))
}

/** A sealer with a key of 32 bytes. */
export function keySealer(key: Uint8Array): Sealer {
  return {
    seal: (secret, context) => sealBytes(key, Buffer.from(secret), Buffer.from(context)).toString('base64url'),
    open: (sealed, context) => openBytes(key, Buffer.from(sealed, 'base64url'), Buffer.from(context)).toString('utf8'),
  }
}

/** AES-256-GCM under a key of 32 bytes: nonce, sealed bytes and tag in one. `context` is bound, not held. */
export function sealBytes(key: Uint8Array, secret: Uint8Array, context: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context)
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
}

/** @throws Error when the bytes were changed, cut, moved to another context, or sealed under another key */
export function openBytes(key: Uint8Array, sealed: Uint8Array, context: Uint8Array): Buffer {
  const body = sealed.length - TAG_BYTES
  if (body < NONCE_BYTES) throw new Error('the sealed text is too short')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(context)
    .setAuthTag(sealed.subarray(body))
  const opened = decipher.update(sealed.subarray(NONCE_BYTES, body))
  decipher.final()
  return opened
}

/** The key of `file` (0600), made with random bytes when the file is missing. */
export function readOrCreateKey(file: string): Uint8Array {
  try {
    writeFileSync(file, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const key = readFileSync(file)
  if (key.length !== KEY_BYTES)
    throw new Error(
      `${file} is not a key of ${String(KEY_BYTES)} bytes; restore it from a backup: secrets sealed with it cannot be read without it`,
    )
  return key
}
