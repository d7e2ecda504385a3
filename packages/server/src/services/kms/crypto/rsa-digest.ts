import {
  type KeyObject,
  constants,
  createHash,
  privateEncrypt,
  publicDecrypt,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

// Node signs messages, not digests; with the padding done here, its raw RSA does the rest.

interface Hash {
  readonly hash: string
  readonly bytes: number
}

/** DER of DigestInfo before the digest. @source RFC 8017, section 9.2, note 1 */
const DIGEST_INFO: Readonly<Record<string, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
}

const digestInfo = ({ hash }: Hash, digest: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(DIGEST_INFO[hash] ?? '', 'hex'), digest])

export const pkcs1SignDigest = (key: KeyObject, hash: Hash, digest: Uint8Array): Buffer =>
  privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo(hash, digest))

export function pkcs1VerifyDigest(key: KeyObject, hash: Hash, digest: Uint8Array, signature: Uint8Array): boolean {
  const expected = digestInfo(hash, digest)
  const found = opened(key, constants.RSA_PKCS1_PADDING, signature)
  return found?.length === expected.length && timingSafeEqual(found, expected)
}

/** @source RFC 8017, section 8.1.1 and 9.1.1; the salt is as long as the hash */
export function pssSignDigest(key: KeyObject, hash: Hash, digest: Uint8Array): Buffer {
  const bits = modulusBits(key) - 1
  const length = Math.ceil(bits / 8)
  const salt = randomBytes(hash.bytes)
  const sealed = saltedHash(hash, digest, salt)
  const block = Buffer.alloc(length - hash.bytes - 1)
  block[block.length - salt.length - 1] = 1
  salt.copy(block, block.length - salt.length)
  const masked = clearTop(xor(block, mask(hash, sealed, block.length)), bits)
  return privateEncrypt(
    { key, padding: constants.RSA_NO_PADDING },
    widened(Buffer.concat([masked, sealed, Buffer.of(0xbc)]), modulusBits(key) / 8),
  )
}

/** @source RFC 8017, section 8.1.2 and 9.1.2 */
export function pssVerifyDigest(key: KeyObject, hash: Hash, digest: Uint8Array, signature: Uint8Array): boolean {
  const bits = modulusBits(key) - 1
  const length = Math.ceil(bits / 8)
  if (signature.length !== modulusBits(key) / 8) return false
  const raw = opened(key, constants.RSA_NO_PADDING, signature)
  const encoded = raw?.subarray(raw.length - length)
  if (encoded === undefined || encoded.at(-1) !== 0xbc) return false
  const masked = encoded.subarray(0, length - hash.bytes - 1)
  const sealed = encoded.subarray(length - hash.bytes - 1, -1)
  if (!clearTop(Buffer.from(masked), bits).equals(masked)) return false
  const block = clearTop(xor(masked, mask(hash, sealed, masked.length)), bits)
  const saltAt = block.length - hash.bytes
  if (block.subarray(0, saltAt - 1).some((byte) => byte !== 0) || block[saltAt - 1] !== 1) return false
  return timingSafeEqual(saltedHash(hash, digest, block.subarray(saltAt)), sealed)
}

function opened(key: KeyObject, padding: number, signature: Uint8Array): Buffer | undefined {
  try {
    return publicDecrypt({ key, padding }, signature)
  } catch {
    return undefined
  }
}

const modulusBits = (key: KeyObject): number => key.asymmetricKeyDetails?.modulusLength ?? 0

const saltedHash = ({ hash }: Hash, digest: Uint8Array, salt: Uint8Array): Buffer =>
  createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest()

/** MGF1. @source RFC 8017, appendix B.2.1 */
function mask({ hash }: Hash, seed: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = []
  for (let counter = 0, made = 0; made < length; counter += 1) {
    const number = Buffer.alloc(4)
    number.writeUInt32BE(counter)
    const block = createHash(hash).update(seed).update(number).digest()
    made += block.length
    blocks.push(block)
  }
  return Buffer.concat(blocks, length)
}

const xor = (a: Uint8Array, b: Uint8Array): Buffer => Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)))

/** Clears the bits above `bits` in the first byte. */
function clearTop(block: Buffer, bits: number): Buffer {
  const spare = 8 * Math.ceil(bits / 8) - bits
  block[0] = (block[0] ?? 0) & (0xff >> spare)
  return block
}

const widened = (bytes: Buffer, length: number): Buffer =>
  bytes.length === length ? bytes : Buffer.concat([Buffer.alloc(length - bytes.length), bytes])
