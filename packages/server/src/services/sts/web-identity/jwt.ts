import { type KeyObject, createPublicKey, verify } from 'node:crypto'
import { stsErrors } from '#services/sts/errors.ts'

/** Claims of a token that STS looks at. */
export interface Claims {
  readonly iss: string
  readonly sub: string
  readonly aud: readonly string[]
  readonly azp?: string
  /** Epoch seconds. */
  readonly exp: number
  readonly nbf?: number
  readonly amr: readonly string[]
}

/** A token that nobody has verified yet. */
export interface Jwt {
  readonly algorithm: string
  readonly keyId: string | undefined
  readonly claims: Claims
  readonly signed: Buffer
  readonly signature: Buffer
}

/** A public key as providers publish it. */
export type Jwk = Readonly<Record<string, unknown>>

type Json = Readonly<Record<string, unknown>>

/** @throws AwsError InvalidIdentityToken for what is no signed token with issuer, subject, audience and end */
export function readJwt(token: string): Jwt {
  const [head = '', body = '', signature = '', ...more] = token.split('.')
  const header = decoded(head)
  const payload = decoded(body)
  if (header === undefined || payload === undefined || signature === '' || more.length > 0) throw stsErrors.notAToken()
  const { iss, sub, aud, exp, nbf, azp, amr } = payload
  if (typeof iss !== 'string' || typeof sub !== 'string' || typeof exp !== 'number') throw stsErrors.notAToken()
  if (typeof header['alg'] !== 'string') throw stsErrors.notAToken()
  return {
    algorithm: header['alg'],
    keyId: typeof header['kid'] === 'string' ? header['kid'] : undefined,
    claims: {
      iss,
      sub,
      aud: texts(aud),
      exp,
      amr: texts(amr),
      ...(typeof nbf === 'number' ? { nbf } : {}),
      ...(typeof azp === 'string' ? { azp } : {}),
    },
    signed: Buffer.from(`${head}.${body}`),
    signature: Buffer.from(signature, 'base64url'),
  }
}

function decoded(part: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
  } catch {
    return undefined
  }
}

const texts = (value: unknown): readonly string[] =>
  [value].flat().filter((text): text is string => typeof text === 'string')

/** What tokens may be signed with. Algorithms with a shared secret, and `none`, are not among them. */
const ALGORITHMS: Readonly<Record<string, { readonly hash: string; readonly type: 'rsa' | 'ec' }>> = {
  RS256: { hash: 'sha256', type: 'rsa' },
  RS384: { hash: 'sha384', type: 'rsa' },
  RS512: { hash: 'sha512', type: 'rsa' },
  ES256: { hash: 'sha256', type: 'ec' },
  ES384: { hash: 'sha384', type: 'ec' },
  ES512: { hash: 'sha512', type: 'ec' },
}

/** Whether one of the keys signed the token. */
export function isSignedBy(jwt: Jwt, keys: readonly Jwk[]): boolean {
  const algorithm = Object.hasOwn(ALGORITHMS, jwt.algorithm) ? ALGORITHMS[jwt.algorithm] : undefined
  if (algorithm === undefined) return false
  const candidates = keys.filter((key) => jwt.keyId === undefined || key['kid'] === jwt.keyId)
  return candidates.some((jwk) => {
    const key = publicKey(jwk)
    if (key?.asymmetricKeyType !== algorithm.type) return false
    return verify(algorithm.hash, jwt.signed, { key, dsaEncoding: 'ieee-p1363' }, jwt.signature)
  })
}

function publicKey(jwk: Jwk): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return undefined
  }
}
