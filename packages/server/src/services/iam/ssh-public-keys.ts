import { type KeyObject, createHash, createPublicKey } from 'node:crypto'
import { iamErrors } from '#services/iam/errors.ts'
import type { HeldKind } from '#services/iam/held-items.ts'

/** SSH public keys of users, in collection `iam.ssh-public-key`; bodies as OpenSSH writes them, without a comment. */
export const SSH_PUBLIC_KEYS: HeldKind = {
  collection: 'iam.ssh-public-key',
  quota: 'SSHPublicKeysPerUser',
  most: 5,
  notFound: (id) => iamErrors.sshKeyNotFound(id),
}

/** @source AWS model iam 2010-05-08, UploadSSHPublicKeyRequest */
const LEAST_BITS = 2_048
const TYPE = 'ssh-rsa'
const OPENSSH = /^ssh-rsa +([A-Za-z0-9+/]+={0,2})(?:\s.*)?$/s

/**
 * The key in a text, `ssh-rsa …` or PEM, as OpenSSH writes it.
 * @throws AwsError UnrecognizedPublicKeyEncoding, InvalidPublicKey for what is no RSA key of 2,048 bits or more
 */
export function readSshKey(text: string): string {
  const trimmed = text.trim()
  const base64 = OPENSSH.exec(trimmed)?.[1]
  if (base64 !== undefined) return written(keyOfWire(Buffer.from(base64, 'base64')))
  if (!trimmed.startsWith('-----BEGIN ')) throw iamErrors.sshKeyEncoding()
  return written(attempt(() => createPublicKey(trimmed)))
}

/** The key in PEM. */
export const pemOf = (body: string): string => keyOfWire(wireOf(body)).export({ type: 'spki', format: 'pem' })

/** MD5 of the key, in pairs of digits, as `ssh-keygen -E md5 -l` prints it. */
export const fingerprintOf = (body: string): string =>
  createHash('md5')
    .update(wireOf(body))
    .digest('hex')
    .replace(/(..)(?!$)/g, '$1:')

const wireOf = (body: string): Buffer => Buffer.from(body.slice(TYPE.length + 1), 'base64')

function written(key: KeyObject): string {
  const { kty, n, e } = key.export({ format: 'jwk' })
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (kty !== 'RSA' || n === undefined || e === undefined || bits < LEAST_BITS) throw iamErrors.invalidSshKey()
  const parts = [Buffer.from(TYPE), integer(Buffer.from(e, 'base64url')), integer(Buffer.from(n, 'base64url'))]
  return `${TYPE} ${Buffer.concat(parts.flatMap((part) => [lengthOf(part), part])).toString('base64')}`
}

/** Three fields, each behind its length: the type, the exponent and the modulus. @source RFC 4253, 6.6 */
function keyOfWire(wire: Buffer): KeyObject {
  const fields: Buffer[] = []
  for (let at = 0; at + 4 <= wire.length && fields.length < 4;) {
    const end = at + 4 + wire.readUInt32BE(at)
    if (end > wire.length) break
    fields.push(wire.subarray(at + 4, end))
    at = end
  }
  const [type, exponent, modulus, ...more] = fields
  const used = fields.reduce((sum, field) => sum + 4 + field.length, 0)
  if (
    type?.toString() !== TYPE ||
    exponent === undefined ||
    modulus === undefined ||
    more.length > 0 ||
    used !== wire.length
  )
    throw iamErrors.invalidSshKey()
  const key = { kty: 'RSA', e: numberOf(exponent), n: numberOf(modulus) }
  return attempt(() => createPublicKey({ key, format: 'jwk' }))
}

function attempt(read: () => KeyObject): KeyObject {
  try {
    return read()
  } catch {
    throw iamErrors.invalidSshKey()
  }
}

const numberOf = (field: Buffer): string => (field[0] === 0 ? field.subarray(1) : field).toString('base64url')

/** A number whose first bit is set gets a zero byte, or it would be negative. */
const integer = (bytes: Buffer): Buffer => ((bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return length
}
