import { generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { type BuiltSpec, specFacts } from '#services/kms/keys/specs.ts'

/** A new pair, as DER: PKCS #8 and SubjectPublicKeyInfo. */
export interface PairBytes {
  readonly privateKey: Buffer
  readonly publicKey: Buffer
}

const generate = promisify(generateKeyPair)
const ENCODING = {
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  publicKeyEncoding: { type: 'spki', format: 'der' },
} as const

export const rsaPair = (bits: number): Promise<PairBytes> => generate('rsa', { modulusLength: bits, ...ENCODING })
export const ecPair = (namedCurve: string): Promise<PairBytes> => generate('ec', { namedCurve, ...ENCODING })

/** New random material of a spec: bytes, or a private key as PKCS #8. The caller wipes it. */
export async function newMaterial(spec: BuiltSpec): Promise<Buffer> {
  const facts = specFacts(spec)
  switch (facts.kind) {
    case 'symmetric':
    case 'hmac':
      return randomBytes(facts.bytes)
    case 'rsa':
      return (await rsaPair(facts.bits)).privateKey
    case 'ec':
      return (await ecPair(facts.curve)).privateKey
    default:
      return facts satisfies never
  }
}
