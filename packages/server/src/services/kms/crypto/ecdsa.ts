import { type KeyObject, createECDH, randomBytes } from 'node:crypto'
import { type Curve, curveNamed, inverse, modulo, multiplySum } from '#services/kms/crypto/curve.ts'
import { readSignature, writeSignature } from '#services/kms/crypto/ecdsa-der.ts'

// Node signs messages, not digests. Its ECDH does the one multiplication that must not tell of a secret; the rest is
// blinded (signing) or public (verifying).

/** @source FIPS 186-5, section 6.4.1; @returns DER */
export function ecdsaSignDigest(key: KeyObject, digest: Uint8Array): Buffer {
  const curve = curveOf(key)
  const { n } = curve
  const d = numberOf(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'))
  const z = truncated(curve, digest)
  for (;;) {
    const k = randomScalar(curve)
    const r = modulo(timesBase(curve, k), n)
    if (r === 0n) continue
    const blind = randomScalar(curve)
    const s = modulo(inverse(modulo(k * blind, n), n) * modulo(blind * z + modulo(r * blind, n) * d, n), n)
    if (s !== 0n) return writeSignature(r, s)
  }
}

/** @source FIPS 186-5, section 6.4.2 */
export function ecdsaVerifyDigest(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean {
  const curve = curveOf(key)
  const { n } = curve
  const { r, s } = readSignature(signature, curve.bytes) ?? { r: 0n, s: 0n }
  if (r === 0n || s === 0n || r >= n || s >= n) return false
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const publicPoint = { x: numberOf(Buffer.from(x, 'base64url')), y: numberOf(Buffer.from(y, 'base64url')) }
  const w = inverse(s, n)
  const point = multiplySum(curve, modulo(truncated(curve, digest) * w, n), curve.base, modulo(r * w, n), publicPoint)
  return point !== undefined && modulo(point.x, n) === r
}

function curveOf(key: KeyObject): Curve {
  const name = key.asymmetricKeyDetails?.namedCurve ?? ''
  const curve = curveNamed(name)
  if (curve === undefined) throw new Error(`${name} is no curve that KMS has`)
  return curve
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x0${Buffer.from(bytes).toString('hex')}`)

/** The leftmost bits of the digest, as many as the order has. */
function truncated({ n }: Curve, digest: Uint8Array): bigint {
  const spare = digest.length * 8 - n.toString(2).length
  const number = numberOf(digest)
  return spare > 0 ? number >> BigInt(spare) : number
}

/** From 1 to n - 1; 64 bits more than needed, so that the remainder is even enough. */
const randomScalar = ({ n, bytes }: Curve): bigint => modulo(numberOf(randomBytes(bytes + 8)), n - 1n) + 1n

/** The x coordinate of the base point times a secret. */
function timesBase({ name, bytes }: Curve, factor: bigint): bigint {
  const ecdh = createECDH(name)
  ecdh.setPrivateKey(Buffer.from(factor.toString(16).padStart(bytes * 2, '0'), 'hex'))
  return numberOf(ecdh.getPublicKey().subarray(1, 1 + bytes))
}
